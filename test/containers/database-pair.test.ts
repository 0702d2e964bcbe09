import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { Running } from '../../src/environments/environment.ts';
import { recordedRun } from '../conformance/recorded-site.ts';
import { engineAvailable } from './engine.ts';
import { nodeImage, platformOf } from './platforms.ts';

const program = (name: string) => ['bash', `/usr/local/lib/drillbook/${name}.sh`];

const store = {
  container: { build: 'fixtures/images/postgres' },
  members: ['db-primary', 'db-replica-1'],
  env: {
    NAME: '${member}',
    MEMBERS: 'db-primary,db-replica-1',
    SUPERUSER_PASSWORD: '${secret.admin}',
    REPLICATION_PASSWORD: '${secret.replication}',
    APP_PASSWORD: '${secret.app}',
    SETTINGS: '${store.settings}',
    SYNCHRONOUS: '${store.synchronous}',
  },
  port: 5432,
  ready: { command: 'bash /usr/local/lib/drillbook/ready.sh', within: '120s' },
  isolated: program('isolated'),
  returned: program('returned'),
  speaks: {
    postgresql: {
      ...{ database: 'app', user: 'app', password: '${secret.app}' },
      ...{ 'admin-user': 'postgres', 'admin-password': '${secret.admin}' },
      ...{ synchronous: true, settings: { max_connections: 40 } },
    },
  },
};
/** A client in the platform's network. */
const client = { container: nodeImage, command: 'sleep infinity' };
const waiting = 'select application_name from pg_stat_replication where sync_state = $$quorum$$';

describe.runIf(engineAvailable)('a pair of databases that nobody but people promotes', () => {
  const environment = createContainersEnvironment();
  let reports: string;
  let site: ReturnType<typeof recordedRun>;
  let running: Running;
  beforeAll(async () => {
    reports = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
    site = recordedRun(`database-pair-${process.pid}-${Date.now()}`, reports);
    running = await environment.up(platformOf({ store, client }, { roles: { db: 'store.primary' } }), site);
  }, 240_000);
  afterAll(async () => {
    await environment.down(site.record());
    await rm(reports, { recursive: true, force: true });
  }, 60_000);

  const queryAt = async (role: string, text: string): Promise<readonly unknown[]> => {
    const { administrator } = await running.address(role);
    const connection = new Client({ ...administrator, query_timeout: 10_000 });
    connection.on('error', () => undefined);
    await connection.connect();
    try {
      const result = await connection.query<unknown[]>({ text, rowMode: 'array' });
      return [result].flat().flatMap(({ rows }) => rows.flat());
    } finally {
      await connection.end();
    }
  };
  const restarted = async (instance: string): Promise<void> => {
    await running.signal({ target: instance, scope: 'component', release: true }, null);
  };

  it('has the settings that the platform hands on, and waits for its standby', async () => {
    expect(await queryAt('db', 'show max_connections')).toEqual(['40']);
    expect(await queryAt('db', waiting)).toEqual(['db-replica-1']);
    await queryAt('db', 'create table marks (id int); insert into marks values (1)');
    await running.signal({ target: 'db-replica-1', scope: 'component' }, 'SIGSTOP');
    const unacknowledged = queryAt('db', 'insert into marks values (2)');
    const first = await Promise.race([unacknowledged.then(() => 'acknowledged'), sleep(1500, 'waits')]);
    await running.signal({ target: 'db-replica-1', scope: 'component' }, 'SIGCONT');
    await unacknowledged;
    expect(first).toBe('waits');
  }, 60_000);

  it('goes on with a promoted standby, which waits for nobody', async () => {
    await running.signal({ target: 'db-primary', scope: 'component', hold: true }, 'SIGKILL');
    await expect(running.start('db-primary', 'returned')).rejects.toThrow('a fault holds it');
    await queryAt('db-replica-1', 'select pg_promote()');
    expect(await running.address('db')).toMatchObject({ instance: 'db-replica-1' });
    await queryAt('db', 'insert into marks values (3)');
  }, 60_000);

  it('has its former primary back at its own address with its own rows, which nobody can change', async () => {
    await restarted('db-primary');
    await running.start('db-primary', 'isolated');
    await running.start('db-primary', 'returned');
    expect(await queryAt('db-primary', 'select id from marks order by id')).toEqual([1, 2]);
    await expect(
      queryAt('db-primary', 'set default_transaction_read_only = off; insert into marks values (9)'),
    ).rejects.toThrow(/recovery|read-only/);
    expect(await running.address('db')).toMatchObject({ instance: 'db-replica-1' });
    await running.start('db-primary', 'returned');
    await expect(running.start('db-replica-1', 'returned')).rejects.toThrow('runs');
    const reaches = `node -e 'require("node:net").connect(5432, "db-primary").on("connect", () => process.exit(0)).on("error", () => process.exit(1))'`;
    const answer = await running.exec(reaches, { session: 'client', timeoutMs: 30_000, on: 'client' });
    expect(answer).toMatchObject({ exitCode: 0 });
  }, 90_000);

  it('takes it back as a standby, which commits wait for again', async () => {
    await running.start('db-primary', 'rejoin');
    expect(await queryAt('db', waiting)).toEqual(['db-primary']);
    expect(await queryAt('db-primary', 'select id from marks order by id')).toEqual([1, 2, 3]);
    expect(await running.address('store.replica')).toMatchObject({ instance: 'db-primary' });
  }, 90_000);

  it('leaves nothing', async () => {
    expect(await environment.down(site.record())).toEqual([]);
  }, 60_000);
});
