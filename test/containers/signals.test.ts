import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { Running } from '../../src/environments/environment.ts';
import { recordedRun } from '../conformance/recorded-site.ts';
import { engineAvailable } from './engine.ts';
import { nodeImage, platformOf } from './platforms.ts';

describe.runIf(engineAvailable)('a signal to processes of a container', () => {
  const environment = createContainersEnvironment();
  let reports: string;
  let site: ReturnType<typeof recordedRun>;
  let running: Running;
  beforeAll(async () => {
    reports = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
    site = recordedRun(`signals-${process.pid}-${Date.now()}`, reports);
    running = await environment.up(
      platformOf({ sleeper: { container: nodeImage, command: 'sleep infinity' } }),
      site,
    );
  });
  afterAll(async () => {
    await environment.down(site.record());
    await rm(reports, { recursive: true, force: true });
  });

  it('finds none in one that was killed, and has nothing to do there', async () => {
    const sleeps = { target: 'sleeper', scope: { match: 'sleep' } } as const;
    expect(await running.signal(sleeps, null)).toHaveLength(1);
    await running.signal({ target: 'sleeper', scope: 'component' }, 'SIGKILL');
    expect(await running.signal(sleeps, 'SIGCONT')).toEqual([]);
  });
});
