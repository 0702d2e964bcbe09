import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/services/testing/processes.ts';
import { installedClients, standInClient } from './aws-clients.ts';
import { key, RdsCloud } from './rds-cloud.ts';

const installed = await installedClients();

const primary = {
  DBInstanceIdentifier: 'db-primary',
  Engine: 'postgres',
  DBInstanceStatus: 'available',
  DBName: 'state',
  Endpoint: { Address: 'db-primary', Port: 5432 },
  EngineVersion: expect.stringMatching(/^\d+\.\d+/),
  ReadReplicaDBInstanceIdentifiers: ['db-replica-1'],
};
const replica = {
  ...primary,
  DBInstanceIdentifier: 'db-replica-1',
  Endpoint: { Address: 'db-replica-1', Port: 5432 },
  ReadReplicaSourceDBInstanceIdentifier: 'db-primary',
  ReadReplicaDBInstanceIdentifiers: [],
};

if (installed.length === 0) {
  it.skip('the real aws client: none on the PATH that runs, so the stand-in is compared with nothing');
}

describe.each([standInClient, ...installed])('RDS, called by $name', { timeout: 90_000 }, (client) => {
  let cloud: RdsCloud;

  beforeAll(async () => {
    cloud = await RdsCloud.start();
  }, 90_000);

  afterAll(() => cloud?.stop());

  const refusal = async (args: readonly string[], env?: Record<string, string>) => {
    const { exitCode, stdout, stderr } = await cloud.rds(client, args, env);
    expect(client.refused).toContain(exitCode);
    expect(stdout).toBe('');
    return stderr.trim();
  };

  it('describes what the databases are', async () => {
    const all = await cloud.rds(client, ['describe-db-instances']);
    expect(all.stderr).toBe('');
    expect(JSON.parse(all.stdout)).toEqual({ DBInstances: [primary, replica] });
    const one = await cloud.rds(client, [
      'describe-db-instances',
      '--db-instance-identifier',
      'db-replica-1',
    ]);
    expect(JSON.parse(one.stdout)).toEqual({ DBInstances: [replica] });
  });

  it('prints the same text as the stand-in', async () => {
    const calls = [['describe-db-instances'], ['promote-read-replica', '--db-instance-identifier', 'nope']];
    for (const call of calls) {
      const [theirs, ours] = await Promise.all([cloud.rds(client, call), cloud.rds(standInClient, call)]);
      expect(theirs.stdout).toBe(ours.stdout);
      expect(theirs.stderr).toContain(ours.stderr.trim());
    }
  });

  it('refuses what it has not, and what is no replica', async () => {
    expect(await refusal(['describe-db-instances', '--db-instance-identifier', 'nope'])).toContain(
      'An error occurred (DBInstanceNotFound) when calling the DescribeDBInstances operation: DBInstance nope not found.',
    );
    expect(await refusal(['promote-read-replica', '--db-instance-identifier', 'db-primary'])).toContain(
      'An error occurred (InvalidDBInstanceState) when calling the PromoteReadReplica operation',
    );
  });

  it('refuses a wrong key and a wrong signature', async () => {
    expect(await refusal(['describe-db-instances'], { AWS_ACCESS_KEY_ID: 'other' })).toContain(
      '(InvalidClientTokenId)',
    );
    expect(await refusal(['describe-db-instances'], { AWS_SECRET_ACCESS_KEY: 'x' })).toContain(
      '(SignatureDoesNotMatch)',
    );
  });

  it('takes region, key and endpoint from the files of a profile', async () => {
    await cloud.configure('config', `[profile drill]\nregion = eu-west-1\n`);
    await cloud.configure(
      'credentials',
      `# a comment\n[drill]\naws_access_key_id=operator\naws_secret_access_key = ${key.AWS_SECRET_ACCESS_KEY}\n`,
    );
    const { AWS_CONFIG_FILE = '', AWS_SHARED_CREDENTIALS_FILE = '' } = cloud.env;
    const { exitCode } = await client.call(
      ['--profile', 'drill', 'rds', 'describe-db-instances', `--endpoint-url=${cloud.base}`],
      { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE },
    );
    expect(exitCode).toBe(0);
  });

  it('promotes a replica whose primary is lost: asynchronously, and really', async () => {
    await cloud.pair.primary.stop('SIGKILL');
    await eventually(async () => (await cloud.status('db-primary')) === 'failed');
    const promoted = await cloud.rds(client, [
      'promote-read-replica',
      '--db-instance-identifier',
      'db-replica-1',
    ]);
    expect(promoted.stderr).toBe('');
    expect(JSON.parse(promoted.stdout)).toEqual({
      DBInstance: { ...replica, DBInstanceStatus: 'modifying' },
    });
    await eventually(async () => (await cloud.status('db-replica-1')) === 'available');
    expect(await cloud.pair.ask('db-replica-1', 'select pg_is_in_recovery()')).toBe(false);
    expect(await cloud.pair.ask('db-replica-1', 'create table proof (); select 7')).toBe(7);
    expect(await refusal(['promote-read-replica', '--db-instance-identifier', 'db-replica-1'])).toContain(
      'DB Instance db-replica-1 is not a read replica.',
    );
  });
});

describe('RDS on the wire', { timeout: 90_000 }, () => {
  let cloud: RdsCloud;

  beforeAll(async () => {
    cloud = await RdsCloud.start();
  }, 90_000);

  afterAll(() => cloud?.stop());

  it('refuses a request that nobody signed', async () => {
    const answer = await fetch(cloud.base, {
      method: 'POST',
      body: 'Action=DescribeDBInstances&Version=2014-10-31',
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toMatch(
      /^<ErrorResponse xmlns="http:\/\/rds.amazonaws.com\/doc\/2014-10-31\/"><Error><Type>Sender<\/Type><Code>MissingAuthenticationToken</,
    );
  });

  it('is modifying for as long as the promotion takes, and promotes once at a time', async () => {
    const promote = ['promote-read-replica', '--db-instance-identifier', 'db-replica-1'];
    // The process that would end the recovery.
    const startup = Number(
      await cloud.pair.ask('db-replica-1', "select pid from pg_stat_activity where backend_type = 'startup'"),
    );
    process.kill(startup, 'SIGSTOP');
    try {
      expect((await cloud.rds(standInClient, promote)).exitCode).toBe(0);
      expect(await cloud.status('db-replica-1')).toBe('modifying');
      const again = await cloud.rds(standInClient, promote);
      expect([again.exitCode, again.stderr]).toEqual([254, expect.stringContaining('it is modifying')]);
    } finally {
      process.kill(startup, 'SIGCONT');
    }
    await eventually(async () => (await cloud.status('db-replica-1')) === 'available');
    expect(await cloud.pair.ask('db-replica-1', 'select pg_is_in_recovery()')).toBe(false);
  });
});
