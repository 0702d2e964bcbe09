import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresqlBinaries } from './binaries.ts';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
});

afterEach(async () => {
  await rm(cache, { recursive: true, force: true });
});

describe('postgresqlBinaries', () => {
  it('makes one copy that works, however many runs ask at once, and leaves no drafts', async () => {
    const folders = await Promise.all([
      postgresqlBinaries(cache),
      postgresqlBinaries(cache),
      postgresqlBinaries(cache),
    ]);
    expect(new Set(folders).size).toBe(1);
    expect(await readdir(cache)).toHaveLength(1);
    const [bin = ''] = folders;
    expect(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' })).toContain('PostgreSQL');
    expect((await stat(join(bin, 'postgres'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(bin, '..', 'share'))).mode & 0o777).toBe(0o755);
  });

  it('says so when the cache cannot be written', async () => {
    await writeFile(join(cache, 'file'), '');
    await expect(postgresqlBinaries(join(cache, 'file'))).rejects.toThrow('XDG_CACHE_HOME');
  });
});
