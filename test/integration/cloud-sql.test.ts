import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootKey, startCloud, type TestCloud } from '../../fixtures/services/testing/cloud-stack.ts';
import {
  administrator,
  login,
  type PostgresPair,
  startPostgresPair,
} from '../../fixtures/services/testing/postgres-pair.ts';
import { eventually } from '../../fixtures/services/testing/processes.ts';

interface Operation {
  readonly name: string;
  readonly status: 'PENDING' | 'RUNNING' | 'DONE';
}

describe('Cloud SQL', { timeout: 60_000 }, () => {
  let pair: PostgresPair;
  let cloud: TestCloud;
  let settings: { readonly [variable: string]: string };

  beforeAll(async () => {
    pair = await startPostgresPair();
    settings = {
      REGIONS: 'europe-west1,us-central1',
      DRILLBOOK_HOSTS: JSON.stringify(pair.hosts),
      SQL_PROJECT: 'platform',
      SQL_DATABASE: administrator.database,
      SQL_ADMIN_USER: administrator.user,
      SQL_ADMIN_PASSWORD: administrator.password,
    };
    cloud = await startCloud('gcp', {
      ...settings,
      SQL_INSTANCES: `db-primary:${login.port}@europe-west1,db-replica-1:${login.port}@us-central1`,
    });
  }, 60_000);

  afterAll(() => Promise.all([cloud?.process.stop(), pair?.stop()]));

  async function ask(path: string, method = 'GET', token = rootKey.secret) {
    const answer = await fetch(`${cloud.base}/sql/v1beta4/projects/platform/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: answer.status, body: (await answer.json()) as object };
  }

  const error = (code: number, reason: string) => ({
    status: code,
    body: {
      error: {
        code,
        message: expect.any(String),
        errors: [{ message: expect.any(String), domain: 'global', reason }],
      },
    },
  });

  it('describes what the databases are', async () => {
    const primary = {
      kind: 'sql#instance',
      name: 'db-primary',
      project: 'platform',
      region: 'europe-west1',
      connectionName: 'platform:europe-west1:db-primary',
      state: 'RUNNABLE',
      instanceType: 'CLOUD_SQL_INSTANCE',
      databaseVersion: expect.stringMatching(/^POSTGRES_1\d$|^SQL_DATABASE_VERSION_UNSPECIFIED$/),
      replicaNames: ['db-replica-1'],
      dnsName: 'db-primary',
    };
    expect(await ask('instances/db-primary')).toEqual({ status: 200, body: primary });
    const { body } = await ask('instances');
    expect(body).toMatchObject({
      items: [primary, { instanceType: 'READ_REPLICA_INSTANCE', masterInstanceName: 'platform:db-primary' }],
    });
  });

  it('knows a replica by itself, also one whose primary is elsewhere', async () => {
    const elsewhere = await startCloud('gcp', {
      ...settings,
      SQL_INSTANCES: `db-replica-1:${login.port}@us-central1`,
    });
    try {
      const answer = await fetch(`${elsewhere.base}/sql/v1beta4/projects/platform/instances/db-replica-1`, {
        headers: { authorization: `Bearer ${rootKey.secret}` },
      });
      const instance = await answer.json();
      expect(instance).toMatchObject({
        instanceType: 'READ_REPLICA_INSTANCE',
        state: 'RUNNABLE',
        masterInstanceName: 'platform:db-primary',
      });
    } finally {
      await elsewhere.process.stop();
    }
  });

  it('refuses in the error format of Google', async () => {
    expect(await ask('instances/nope')).toEqual(error(404, 'instanceDoesNotExist'));
    expect(await ask('operations/nope')).toEqual(error(404, 'operationDoesNotExist'));
    expect(await ask('instances/db-primary/promoteReplica', 'POST')).toEqual(error(400, 'invalidRequest'));
    expect(await ask('instances', 'GET', 'wrong')).toEqual(error(401, 'authError'));
    expect(await ask('instances', 'DELETE')).toEqual(error(404, 'notFound'));
  });

  it('does not reach an instance whose region is down, and lists the others', async () => {
    await cloud.fault('r', { kind: 'region-down', region: 'us-central1' });
    expect(await ask('instances/db-replica-1/promoteReplica', 'POST')).toEqual(error(503, 'backendError'));
    expect((await ask('instances')).body).toMatchObject({
      items: [{ name: 'db-primary' }],
      warnings: [{ code: 'REGION_UNREACHABLE', region: 'us-central1' }],
    });
    await cloud.fault('r', null);
  });

  it('promotes a replica: PENDING, RUNNING, DONE, and really', async () => {
    // The process that would end the recovery.
    const startup = Number(
      await pair.ask('db-replica-1', "select pid from pg_stat_activity where backend_type = 'startup'"),
    );
    process.kill(startup, 'SIGSTOP');
    let name: string;
    try {
      const accepted = await ask('instances/db-replica-1/promoteReplica', 'POST');
      expect(accepted).toMatchObject({
        status: 200,
        body: {
          kind: 'sql#operation',
          operationType: 'PROMOTE_REPLICA',
          status: 'PENDING',
          targetId: 'db-replica-1',
        },
      });
      ({ name } = accepted.body as Operation);
      expect((await ask(`operations/${name}`)).body).toMatchObject({ status: 'RUNNING' });
      expect(await ask('instances/db-replica-1/promoteReplica', 'POST')).toEqual(
        error(409, 'operationInProgress'),
      );
    } finally {
      process.kill(startup, 'SIGCONT');
    }
    await eventually(async () => ((await ask(`operations/${name}`)).body as Operation).status === 'DONE');
    expect(await pair.ask('db-replica-1', 'select pg_is_in_recovery()')).toBe(false);
    expect((await ask('instances/db-replica-1')).body).toMatchObject({
      instanceType: 'CLOUD_SQL_INSTANCE',
      state: 'RUNNABLE',
    });
  });
});
