import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { login } from '../../fixtures/services/testing/postgres-pair.ts';
import { standInClient } from './aws-clients.ts';
import { key, RdsCloud } from './rds-cloud.ts';

describe('RDS under the faults of its cloud', { timeout: 90_000 }, () => {
  let cloud: RdsCloud;

  beforeAll(async () => {
    cloud = await RdsCloud.start([
      `db-primary:${login.port}@us-east-1`,
      `db-replica-1:${login.port}@us-west-2`,
    ]);
  }, 90_000);

  afterAll(() => cloud?.stop());

  const root = { authorization: `Key ${key.AWS_ACCESS_KEY_ID}:${key.AWS_SECRET_ACCESS_KEY}` };
  const describeIn = (region: string, env = {}) =>
    cloud.rds(standInClient, ['describe-db-instances'], { AWS_DEFAULT_REGION: region, ...env });
  const fault = async (body: object) => {
    const sent = await fetch(`${cloud.base}/admin/faults/f`, { method: 'PUT', body: JSON.stringify(body) });
    expect(sent.status).toBe(200);
  };
  const heal = () => fetch(`${cloud.base}/admin/faults/f`, { method: 'DELETE' });

  it('shows a region its own instances', async () => {
    const { stdout } = await describeIn('us-west-2');
    expect(JSON.parse(stdout)).toMatchObject({
      DBInstances: [
        { DBInstanceIdentifier: 'db-replica-1', ReadReplicaSourceDBInstanceIdentifier: 'db-primary' },
      ],
    });
  });

  it('fails in the region that is down, and in no other', async () => {
    await fault({ kind: 'region-down', region: 'us-east-1' });
    expect((await describeIn('us-east-1')).stderr).toContain('(ServiceUnavailable)');
    expect((await describeIn('us-west-2')).exitCode).toBe(0);
    await heal();
    expect((await describeIn('us-east-1')).exitCode).toBe(0);
  });

  it('takes a key that was issued, and not once it has expired', async () => {
    const issued = await fetch(`${cloud.base}/iam/access-keys`, { method: 'POST', headers: root });
    const { id, secret } = (await issued.json()) as { id: string; secret: string };
    const env = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
    expect((await describeIn('us-east-1', env)).exitCode).toBe(0);
    await fault({ kind: 'expire-keys' });
    expect((await describeIn('us-east-1', env)).stderr).toContain('(ExpiredToken)');
    await heal();
  });

  it('is throttled in the words of RDS', async () => {
    await fault({ kind: 'throttle', perSecond: 0.001, burst: 1 });
    await describeIn('us-east-1');
    expect((await describeIn('us-east-1')).stderr).toContain('(Throttling)');
    await heal();
  });
});
