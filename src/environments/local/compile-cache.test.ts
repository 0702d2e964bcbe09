import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileCacheFolder } from './compile-cache.ts';

const isRoot = process.getuid?.() === 0;
const account = isRoot ? { name: 'somebody', uid: 61_234, gid: 61_234 } : null;
const uid = account?.uid ?? process.getuid?.();

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'drillbook-compiled-test-'));
});
afterEach(() => rm(cache, { recursive: true }));

describe('the folder of compiled code', () => {
  it("is the account's alone, and the same every time", async () => {
    const folder = await compileCacheFolder(account, cache);
    expect(await stat(folder ?? '')).toMatchObject({ uid, mode: 0o40_700 });
    expect(await compileCacheFolder(account, cache)).toBe(folder);
  });

  it('is another for each user', async () => {
    if (!isRoot) return;
    expect(await compileCacheFolder(null, cache)).not.toBe(await compileCacheFolder(account, cache));
  });

  it('is not used when others can enter it', async () => {
    const folder = await compileCacheFolder(account, cache);
    await chmod(folder ?? '', 0o770);
    expect(await compileCacheFolder(account, cache)).toBeNull();
  });

  it.runIf(isRoot)('is not used when somebody else made it', async () => {
    await mkdir(join(cache, `compiled-${uid}`), { mode: 0o700 });
    expect(await compileCacheFolder(account, cache)).toBeNull();
  });

  it('is not used when it is a link', async () => {
    await symlink('/', join(cache, `compiled-${uid}`));
    expect(await compileCacheFolder(account, cache)).toBeNull();
  });

  it('is done without where it cannot be made', async () => {
    expect(await compileCacheFolder(account, '/dev/null/nowhere')).toBeNull();
  });
});
