import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post } from '../../fixtures/services/scanning/testing/services.ts';
import { eventually, untilHttp } from '../../fixtures/services/testing/processes.ts';
import { engineAvailable } from './engine.ts';
import { type ScanningBed, startScanningBed, type TestContainer } from './scanning-bed.ts';

let bed: ScanningBed;
let api: TestContainer;
let primary: TestContainer;
let prometheus: TestContainer;

/** A path as a probe asks it: alerts that fire and have this name. */
function alertPath(name: string): string {
  return `/api/v1/query?query=${encodeURIComponent(`ALERTS{alertname="${name}",alertstate="firing"}`)}`;
}

async function firing(name: string): Promise<boolean> {
  const { status, text } = await get(`${prometheus.url}${alertPath(name)}`);
  expect(status).toBe(200);
  const fires = text.includes('"alertstate":"firing"');
  expect(text.includes('"result":[]')).toBe(!fires);
  return fires;
}

describe.runIf(engineAvailable)('the scanning services in containers', () => {
  beforeAll(async () => {
    bed = await startScanningBed('scanning-platform');
    const redis = { PRIMARY: 'redis-primary', DOWN_AFTER_MS: '1000' };
    primary = await bed.redis('redis-primary', { ROLE: 'primary', ...redis });
    await bed.redis('redis-replica', { ROLE: 'replica', ...redis });
    await bed.redis('redis-sentinel', { ROLE: 'sentinel', ...redis });
    api = await bed.service('api-server', 8080, {
      ...{ STATE_STORES: 'db-primary:5432', STATE_STORE_DATABASE: 'app' },
      ...{ STATE_STORE_USER: 'app', STATE_STORE_PASSWORD: 'unused' },
      REDIS_SENTINELS: 'redis-primary:26379,redis-replica:26379,redis-sentinel:26379',
      REDIS_NAME: 'main',
      REDIS_WAIT: '1',
    });
    prometheus = await bed.prometheus();
    await untilHttp(`${prometheus.url}/-/ready`);
  });
  afterAll(() => bed?.stop());

  it('have alerts that a probe can read', async () => {
    await eventually(() => firing('DatabaseUnavailable')); // there is none
    await eventually(() => firing('ServiceDown')); // the other services
    expect(await firing('QueueBacklog')).toBe(false);
    await eventually(async () => {
      await get(`${api.url}/scans`);
      return firing('HighErrorRate');
    });
  });

  it('follow Redis to another primary by Sentinel', async () => {
    await eventually(async () => (await post(`${api.url}/jobs/1-1`)).status === 202);
    await primary.container.pause(); // silent: its connections stand
    await untilHttp(`${api.url}/jobs/pending`, 503);
    // The replica that WAIT asks for is the primary now: without another one nothing more is confirmed.
    await untilHttp(`${api.url}/jobs/pending`);
    const { text } = await get(`${api.url}/jobs/pending`);
    expect(JSON.parse(text).pending).toBeGreaterThanOrEqual(1);
    expect((await post(`${api.url}/jobs/1-2`)).status).toBe(504);
    await primary.container.unpause();
    await eventually(async () => (await post(`${api.url}/jobs/1-3`)).status === 202);
  });
});
