import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { Running } from '../../src/environments/environment.ts';
import { recordedRun } from '../conformance/recorded-site.ts';
import { engineAvailable } from './engine.ts';
import { nodeImage, platformOf } from './platforms.ts';

const reader = {
  container: nodeImage,
  command: 'sleep infinity',
  cwd: '/srv',
  volumes: { '/srv/read': 'shared' },
};
const writer = { ...reader, volumes: { '/srv/written': 'shared' } };

describe.runIf(engineAvailable)('a volume of a run', () => {
  const environment = createContainersEnvironment();
  let reports: string;
  let site: ReturnType<typeof recordedRun>;
  let running: Running;
  beforeAll(async () => {
    reports = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
    site = recordedRun(`volumes-${process.pid}-${Date.now()}`, reports);
    running = await environment.up(platformOf({ writer, reader }), site);
  });
  afterAll(async () => {
    await environment.down(site.record());
    await rm(reports, { recursive: true, force: true });
  });

  const on = (component: string, command: string) =>
    running.exec(command, { session: component, timeoutMs: 30_000, on: component });

  it('is shared by the components that name it, which work where the file says', async () => {
    expect(await on('writer', 'echo here > written/file')).toMatchObject({ exitCode: 0 });
    expect(await on('reader', 'cat read/file')).toMatchObject({ exitCode: 0, stdout: 'here\n' });
  });

  it('is removed with the run', async () => {
    expect(await environment.down(site.record())).toEqual([]);
  });
});
