import { randomUUID } from 'node:crypto';
import { chmod, copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Account } from './toolbox.ts';

/** A Node that the account can run. */
export function nodeFor(account: Account | null): Promise<string> {
  return runnable(process.execPath, account, cacheFolder());
}

/**
 * The program, or where it stands in a folder closed to the account (root's home), a copy of it in the cache.
 * @returns its path
 */
export async function runnable(program: string, account: Account | null, cache: string): Promise<string> {
  if (account === null || (await canRun(program, account))) return program;
  const { mtimeMs, size } = await stat(program);
  const copy = join(cache, `${basename(program)}-${process.arch}-${size}-${Math.round(mtimeMs)}`);
  if (!(await exists(copy))) await copyAtOnce(program, copy);
  return copy;
}

/** Where things that outlast a run are kept, readable by every account. */
export function cacheFolder(): string {
  if (process.getuid?.() === 0) return '/var/cache/drillbook';
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drillbook');
}

/** Under a name of its own first: another drillbook may be doing the same, and neither may see half a file. */
async function copyAtOnce(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  const part = `${to}.${randomUUID()}`;
  try {
    await copyFile(from, part);
    await chmod(part, 0o755);
    await rename(part, to);
  } finally {
    await rm(part, { force: true });
  }
}

/** Whether the account may run the file and enter every folder above it. */
export async function canRun(path: string, account: Account): Promise<boolean> {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    if (((mode >> shift) & 1) === 0) return false;
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
