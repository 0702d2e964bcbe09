import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyData } from './copy-data.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
  await mkdir(join(folder, 'from', 'base', '1'), { recursive: true });
  await mkdir(join(folder, 'from', 'pg_wal', 'archive_status'), { recursive: true });
  await writeFile(join(folder, 'from', 'base', '1', '112'), 'rows');
  await writeFile(join(folder, 'from', 'pg_wal', '000000010000000000000001'), 'wal');
  await writeFile(join(folder, 'from', 'postmaster.pid'), '1');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('copyData', () => {
  it('copies everything, closed to others', async () => {
    await copyData(null, join(folder, 'from'), join(folder, 'to'));
    const list = async (name: string) => (await readdir(join(folder, name), { recursive: true })).sort();
    expect(await list('to')).toEqual(await list('from'));
    expect(await readFile(join(folder, 'to', 'base', '1', '112'), 'utf8')).toBe('rows');
    expect((await stat(join(folder, 'to'))).mode & 0o777).toBe(0o700);
  });

  it('leaves out what is skipped: a file itself, a folder its contents', async () => {
    await copyData(
      null,
      join(folder, 'from'),
      join(folder, 'to'),
      (path) => path === 'postmaster.pid' || path.startsWith('pg_wal'),
    );
    expect((await readdir(join(folder, 'to'), { recursive: true })).sort()).toEqual([
      'base',
      'base/1',
      'base/1/112',
      'pg_wal',
    ]);
  });

  it('belongs to the account', async () => {
    if (process.getuid?.() !== 0) return;
    await copyData({ name: 'x', uid: 54_321, gid: 54_322 }, join(folder, 'from'), join(folder, 'to'));
    const { uid, gid } = await stat(join(folder, 'to', 'base', '1', '112'));
    expect([uid, gid]).toEqual([54_321, 54_322]);
  });
});
