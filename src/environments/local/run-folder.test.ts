import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Layout } from './layout.ts';
import { createRunFolder, readRunFolder, runPaths, runState } from './run-folder.ts';

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
});

afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

function layout(): Layout {
  const platform = { platform: 'test', environment: 'local', components: {}, baseDir: base } as const;
  return {
    runId: 'r',
    runDir: join(base, 'run'),
    reportDir: base,
    platform,
    loopback: 'distinct',
    account: null,
    components: [],
    hosts: {},
  };
}

describe('createRunFolder', () => {
  it('keeps what another process needs, closed to everybody else', async () => {
    await createRunFolder(layout(), 'a seed');
    expect(await readRunFolder(layout().runDir)).toEqual({ layout: layout(), seed: 'a seed' });
    expect((await stat(runPaths(layout().runDir).state)).mode & 0o777).toBe(0o700);
  });

  it('refuses a folder that is there already', async () => {
    await createRunFolder(layout(), 'a seed');
    await expect(createRunFolder(layout(), 'a seed')).rejects.toThrow('cannot be made: EEXIST');
  });

  it('finds nothing where there is none', async () => {
    expect(await readRunFolder(join(base, 'none'))).toBe(null);
  });
});

describe('runState', () => {
  it('is seen by every process, until the run is closed', async () => {
    await createRunFolder(layout(), 'a seed');
    const [one, other] = [runState(layout().runDir), runState(layout().runDir)];
    await one.set('holds', 'db-primary', '');
    expect([await other.get('holds', 'db-primary'), await other.get('holds', 'db-replica-1')]).toEqual([
      '',
      null,
    ]);
    await other.clear('holds', 'db-primary');
    expect(await one.get('holds', 'db-primary')).toBe(null);
    expect(await one.isClosed()).toBe(false);
    await other.close();
    expect(await one.isClosed()).toBe(true);
  });

  it('is closed when the folder is gone', async () => {
    expect(await runState(join(base, 'none')).isClosed()).toBe(true);
  });
});
