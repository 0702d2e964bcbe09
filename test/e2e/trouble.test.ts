import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/run/read-journal.ts';
import { marksOf } from '../../src/timeline/spans.ts';
import { cli, startCli } from '../drill-process.ts';
import { eventsOf, leftoversOf, recordOf } from '../leftovers.ts';

const shop = fileURLToPath(new URL('../sabotage/project', import.meta.url));
const drill = ['run', 'shop-loss/healthy', '--today', '2026-11-22', '--out'];

let out = '';
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'drillbook-trouble-'));
});
afterEach(() => rm(out, { recursive: true, force: true }));

async function journalIn(folder: string): Promise<string> {
  const [run = ''] = await readdir(folder);
  return join(folder, run, 'journal.ndjson');
}

/** Waits until the run has journaled an event of this type. */
async function untilEvent(type: string, folder = out): Promise<void> {
  while (!(await eventsOf(await journalIn(folder))).some((event) => event.type === type)) await sleep(20);
}

async function expectClean(journal: string): Promise<void> {
  const record = await recordOf(journal);
  expect(record).not.toBeNull();
  if (record !== null) expect(await leftoversOf(record)).toEqual([]);
  const timeline = await readJournal(journal);
  const open = marksOf(timeline, 'fault.prepared').map(({ injection }) => injection.id);
  const healed = marksOf(timeline, 'fault.healed').map(({ injection }) => injection);
  expect(healed).toEqual(expect.arrayContaining(open));
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle of a drill', (signal) => {
  it('heals, takes everything down, and is inconclusive', async () => {
    const { child, ended } = startCli([...drill, out], { cwd: shop });
    await untilEvent('fault.injected');
    child.kill(signal);
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`stopped by ${signal}`);
    expect(stdout).toContain('INCONCLUSIVE');
    await expectClean(await journalIn(out));
  });

  it('a second one ends it at once, and heal cleans up', async () => {
    const { child, ended } = startCli([...drill, out], { cwd: shop });
    await untilEvent('fault.injected');
    child.kill(signal);
    await sleep(30);
    child.kill(signal);
    const { stderr } = await ended;
    expect(stderr).toContain('drillbook heal');
    expect(await cli(['heal', '--out', out], { cwd: shop })).toMatchObject({ exitCode: 0 });
    await expectClean(await journalIn(out));
  });
});

describe('two runs at once', () => {
  it('do not meet: both pass on the same documented ports', async () => {
    const folders = [join(out, 'a'), join(out, 'b')];
    const ended = await Promise.all(folders.map((folder) => cli([...drill, folder], { cwd: shop })));
    const records = await Promise.all(folders.map(async (folder) => recordOf(await journalIn(folder))));
    expect(new Set(records.map((record) => record?.details.endpoints)).size).toBe(2);
    for (const { stdout } of ended) expect(stdout).toMatch(/runbook +pass/);
    for (const folder of folders) await expectClean(await journalIn(folder));
  });
});

describe('a kept run', () => {
  it('leaves its platform, refuses nothing, and is taken down by heal', async () => {
    const { stderr } = await cli([...drill, out, '--keep'], { cwd: shop });
    expect(stderr).toContain('drillbook heal');
    const record = await recordOf(await journalIn(out));
    expect(record === null ? [] : await leftoversOf(record)).not.toEqual([]);
    expect(await cli(['heal', '--out', out], { cwd: shop })).toMatchObject({ exitCode: 0 });
    await expectClean(await journalIn(out));
  });

  it('cannot be healed while it is still going on', async () => {
    const { child, ended } = startCli([...drill, out], { cwd: shop });
    await untilEvent('steady.met');
    const { exitCode, stderr } = await cli(['heal', '--out', out], { cwd: shop });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`still going on (process ${child.pid})`);
    await ended;
  });
});

/** A file system of its own, as small as that; null where this user may not make one. */
function smallDisk(kilobytes: number): { readonly folder: string; unmount(): void } | null {
  const folder = join(out, 'disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return { folder, unmount: () => execFileSync('umount', [folder]) };
}

/** Takes what room there is, to the last byte. */
function fillUp(folder: string): void {
  const file = openSync(join(folder, 'filler'), 'w');
  try {
    for (const bytes of [65_536, 4096, 1]) writeUntilFull(file, Buffer.alloc(bytes));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  try {
    for (;;) writeSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

describe('a disk that fills up in the middle of a run', () => {
  it('leaves a readable journal with the faults healed, and is inconclusive', async ({ skip }) => {
    await mkdir(join(out, 'disk'));
    const disk = smallDisk(4096);
    if (disk === null) return skip('only root may mount a small file system');
    try {
      const { ended } = startCli([...drill, disk.folder], { cwd: shop });
      await untilEvent('fault.injected', disk.folder);
      fillUp(disk.folder);
      const { exitCode, stderr } = await ended;
      expect(stderr).toMatch(/interrupted: .*ENOSPC/);
      expect(exitCode).toBe(2);
      await rm(join(disk.folder, 'filler'));
      await expectClean(await journalIn(disk.folder));
    } finally {
      disk.unmount();
    }
  });
});
