import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  get,
  linesOf,
  post,
  startScanning,
  type TestService,
} from '../../fixtures/services/scanning/testing/services.ts';
import { eventually, untilHttp } from '../../fixtures/services/testing/processes.ts';
import { startPostgres, type TestServer } from '../conformance/postgres-server.ts';
import { engineAvailable } from './engine.ts';
import { type ScanningBed, startScanningBed, type TestContainer } from './scanning-bed.ts';

let bed: ScanningBed;
let redis: TestContainer;
let database: TestServer;
let api: TestService;
const running: TestService[] = [];

function start(name: Parameters<typeof startScanning>[0], env: Record<string, string> = {}): TestService {
  const { user, password, database: databaseName } = database.address().database;
  const service = startScanning(name, {
    STATE_STORES: `${database.host}:${database.port}`,
    ...{ STATE_STORE_DATABASE: databaseName, STATE_STORE_USER: user, STATE_STORE_PASSWORD: password },
    ...{ REDIS_URL: `redis://${redis.host}:6379`, CLAIM_AFTER_MS: '600', ...env },
  });
  running.push(service);
  return service;
}

const done = (): Promise<readonly string[]> => linesOf(`${api.url}/jobs/done`);
const pending = async (): Promise<number> =>
  JSON.parse((await get(`${api.url}/jobs/pending`)).text).pending ?? -1;
/** Jobs that a worker has at this moment. */
async function taken(): Promise<number> {
  const client = new Redis(`redis://${redis.host}:6379`, { protocol: 2 });
  const [count] = (await client.xpending('jobs', 'workers').finally(() => client.disconnect())) as [number];
  return count;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns ids that are nobody else's, all of them accepted */
async function putJobs(prefix: string, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  for (const id of ids) expect((await post(`${api.url}/jobs/${id}`)).status).toBe(202);
  return ids;
}

async function timesDone(prefix: string): Promise<readonly string[]> {
  return (await done()).filter((id) => id.startsWith(`${prefix}-`));
}

describe.runIf(engineAvailable)('jobs through the queue', () => {
  beforeAll(async () => {
    bed = await startScanningBed('scanning-queue');
    [database, redis] = await Promise.all([
      startPostgres(),
      bed.redis('redis-primary', { ROLE: 'primary', PRIMARY: 'redis-primary' }),
    ]);
  });
  afterAll(async () => {
    await bed?.stop();
    await database?.stop();
  });
  beforeEach(async () => {
    api = start('api-server');
    await untilHttp(`${api.url}/health`);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
  });

  it('are done once each, in their order, and are out of the queue then', async () => {
    const worker = start('worker');
    const ids = await putJobs('1', 50);
    await eventually(async () => (await pending()) === 0);
    expect(await timesDone('1')).toEqual(ids);
    await untilHttp(`${worker.url}/health`);
    expect((await get(`${worker.url}/metrics`)).text).toMatch(/jobs_done_total\{service="worker"\} 50\b/);
    expect((await get(`${worker.url}/metrics`)).text).toMatch(/jobs_pending\{service="worker"\} 0\b/);
  });

  it('outlive the worker that has them', async () => {
    const worker = start('worker', { WORK_MS: '400' });
    await untilHttp(`${worker.url}/health`);
    const ids = await putJobs('2', 3);
    await eventually(async () => (await timesDone('2')).length === 1);
    await worker.stop('SIGKILL');
    expect(await pending()).toBe(2);
    start('worker');
    await eventually(async () => (await pending()) === 0);
    expect((await timesDone('2')).toSorted()).toEqual(ids);
  });

  it.each([
    ['exactly-once', 1],
    ['at-least-once', 2],
  ])('under %s are done %i times when a frozen worker goes on', async (delivery, times) => {
    const prefix = `3${times}`;
    const frozen = start('worker', { DELIVERY: delivery, WORK_MS: '500' });
    await untilHttp(`${frozen.url}/health`);
    await putJobs(prefix, 1);
    await eventually(async () => (await taken()) === 1);
    frozen.child.kill('SIGSTOP');
    start('worker', { DELIVERY: delivery });
    await eventually(async () => (await pending()) === 0);
    expect(await timesDone(prefix)).toHaveLength(1);
    frozen.child.kill('SIGCONT');
    await eventually(async () =>
      /jobs_done_total\{service="worker"\} 1\b/.test((await get(`${frozen.url}/metrics`)).text),
    );
    expect(await timesDone(prefix)).toHaveLength(times);
  });

  it('are finished by a worker that gets SIGTERM, the others stay', async () => {
    const worker = start('worker', { WORK_MS: '700' });
    await untilHttp(`${worker.url}/health`);
    await putJobs('4', 2);
    await eventually(async () => (await taken()) === 1);
    expect(await worker.stop('SIGTERM')).toBe(0);
    expect(await timesDone('4')).toEqual(['4-0']);
    expect(await pending()).toBe(1);
    start('worker');
    await eventually(async () => (await pending()) === 0);
  });

  it('wait while PostgreSQL does not take their results, and are done once each after it', async () => {
    const worker = start('worker');
    await untilHttp(`${worker.url}/health`);
    const { user, password, database: databaseName } = database.address().database;
    const { host, port } = database;
    const client = new pg.Client({ host, port, user, password, database: databaseName });
    await client.connect();
    await client.query('begin; lock table done_jobs in exclusive mode');
    const ids = await putJobs('5', 5);
    await eventually(async () =>
      /jobs_failed_total\S* [1-9]/.test((await get(`${worker.url}/metrics`)).text),
    );
    expect(await pending()).toBe(5);
    await client.query('commit');
    await client.end();
    await eventually(async () => (await pending()) === 0);
    expect(await timesDone('5')).toEqual(ids);
  });

  it('are refused without Redis and accepted after it, by the same processes', async () => {
    const worker = start('worker');
    const auth = start('auth-service', { AUTH_USERS: 'ada=secret' });
    await untilHttp(`${auth.url}/auth/health`);
    const login = await fetch(`${auth.url}/auth/login`, {
      method: 'POST',
      body: JSON.stringify({ user: 'ada', password: 'secret' }),
    });
    const { token } = (await login.json()) as { token: string };
    const session = async () =>
      (await get(`${auth.url}/auth/session`, { authorization: `Bearer ${token}` })).status;
    expect([login.status, await session()]).toEqual([201, 200]);
    await redis.container.kill();
    await untilHttp(`${api.url}/health`, 503);
    expect((await post(`${api.url}/jobs/6-0`)).status).toBe(503);
    expect(await session()).toBe(503);
    await redis.container.start();
    for (const url of [`${api.url}/health`, `${worker.url}/health`, `${auth.url}/auth/health`])
      await untilHttp(url);
    await putJobs('6', 5);
    await eventually(async () => (await pending()) === 0);
    expect(await timesDone('6')).toHaveLength(5);
  });

  it('are not known to be accepted while Redis is frozen, and the connection to it is not kept', async () => {
    await redis.container.pause();
    try {
      expect((await post(`${api.url}/jobs/7-0`)).status).toBe(504);
      await untilHttp(`${api.url}/health`, 503);
      await pause(2500);
    } finally {
      await redis.container.unpause();
    }
    await untilHttp(`${api.url}/health`);
    await eventually(async () => (await post(`${api.url}/jobs/7-1`)).status === 202);
  });

  it('are accepted only when as many replicas have them as are asked for', async () => {
    const asking = start('api-server', { REDIS_WAIT: '1', REDIS_WAIT_MS: '300' });
    await untilHttp(`${asking.url}/health`);
    const alone = await post(`${asking.url}/jobs/8-0`);
    expect(alone).toMatchObject({ status: 504, text: expect.stringContaining('0 of 1 replicas have it') });
    await bed.redis('redis-replica', { ROLE: 'replica', PRIMARY: 'redis-primary' });
    await eventually(async () => (await post(`${asking.url}/jobs/8-1`)).status === 202);
  });
});
