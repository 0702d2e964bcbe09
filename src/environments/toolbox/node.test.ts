import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun, runnable } from './node.ts';

const stranger = { uid: 61_235, gid: 61_235 };
let base: string;
let open: string;
let closed: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'drillbook-node-test-'));
  await chmod(base, 0o755);
  open = join(base, 'program');
  closed = join(base, 'closed', 'program');
  await mkdir(join(base, 'closed'), { mode: 0o700 });
  for (const path of [open, closed]) await writeFile(path, 'text of a program', { mode: 0o755 });
});
afterAll(() => rm(base, { recursive: true }));

describe('canRun', () => {
  it('asks the file and every folder above it', async () => {
    expect(await canRun(open, stranger)).toBe(true);
    expect(await canRun(closed, stranger)).toBe(false);
    const { uid, gid } = await stat(closed);
    expect(await canRun(closed, { uid, gid })).toBe(true);
    await chmod(open, 0o644);
    expect(await canRun(open, stranger)).toBe(false);
    await chmod(open, 0o755);
  });
});

describe('runnable', () => {
  it('copies only what the account cannot run', async () => {
    const cache = join(base, 'unused');
    expect(await runnable(open, stranger, cache)).toBe(open);
    expect(await runnable(closed, null, cache)).toBe(closed);
    await expect(stat(cache)).rejects.toThrow('ENOENT');
  });

  it('makes one whole copy, however many ask at once', async () => {
    const cache = join(base, 'cache');
    const copies = await Promise.all(Array.from({ length: 8 }, () => runnable(closed, stranger, cache)));
    expect(new Set(copies).size).toBe(1);
    expect(await readdir(cache)).toHaveLength(1);
    expect(await readFile(copies[0] ?? '', 'utf8')).toBe('text of a program');
    expect(await canRun(copies[0] ?? '', stranger)).toBe(true);
  });
});
