import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, untilHttp } from '../../fixtures/services/testing/processes.ts';
import { loadPlatform } from '../../src/definition/load-platform.ts';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { Running } from '../../src/environments/environment.ts';
import { packageFolder, projectFiles } from '../../src/run/project-files.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';
import { formatted } from '../definition/example.ts';
import { engineAvailable } from './engine.ts';

const file = 'fixtures/platforms/containers-status.yaml';

describe.runIf(engineAvailable)('the status page and the maintenance page in containers', () => {
  const environment = createContainersEnvironment();
  let reports: string;
  let site: RecordedSite;
  let running: Running;

  beforeAll(async () => {
    reports = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
    site = recordedRun(`status-page-${process.pid}-${Date.now()}`, reports);
    const loaded = await loadPlatform(projectFiles(packageFolder, packageFolder), file);
    if ('errors' in loaded) throw new Error(formatted(loaded.errors).join('\n'));
    running = await environment.up(loaded.definition.value, site);
  });
  afterAll(async () => {
    expect(await environment.down(site.record())).toEqual([]);
    await rm(reports, { recursive: true, force: true });
  });

  const typed = (command: string) => running.exec(command, { session: 'operator', timeoutMs: 30_000 });
  const url = async (path: string) => {
    const { host, port } = await running.address('status');
    return `http://${host}:${port}${path}`;
  };
  const read = async (path: string) => (await fetch(await url(path))).text();

  it('take what the operator types in the toolbox', async () => {
    expect(await typed('incident declare --severity 1 --title "Nothing works"')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('incident 1, severity 1, open: Nothing works'),
      standIns: [],
    });
    expect(await typed('incident channel && incident status "Major Outage"')).toMatchObject({ exitCode: 0 });
    expect(await read('/')).toContain('<h1>Major Outage</h1>');
  });

  it('know what they knew after the status page was killed', async () => {
    const before = await read('/incidents');
    expect(before).toContain('"kind":"channel"');
    const killed = await running.signal({ target: 'status', scope: 'leader' }, 'SIGKILL');
    expect(killed).toHaveLength(1);
    await eventually(async () => untilHttp(await url('/health')));
    expect(await read('/incidents')).toBe(before);
    expect(JSON.parse(await read('/status.json'))).toEqual({
      status: 'Major Outage',
      incident: 'Nothing works',
    });
  });

  it('answer users of the API by the maintenance page, whatever they ask for', async () => {
    const asked = (path: string, more: string) =>
      typed(
        `curl -sS -m 10 -i ${more} --connect-to api.mcpsecurity.com:443:maintenance.mcpsecurity.com:443 https://api.mcpsecurity.com${path}`,
      );
    for (const [path, more] of [
      ['/health', ''],
      ['/scans/1-1', '-X POST -d x'],
    ] as const) {
      const { exitCode, stdout } = await asked(path, more);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^HTTP\/1.1 503 /);
      expect(stdout.toLowerCase()).toContain('retry-after: 120\r\n');
      expect(stdout).toContain('<h1>Maintenance</h1>');
    }
  });
});
