import { chown, lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../toolbox/node.ts';
import type { Account } from './account.ts';

/**
 * Where Node programs of a platform keep their compiled code from run to run, which halves the time they take to start. What lies there is
 * run, so each user has a folder of its own that nobody else can enter.
 * @returns its path; null where such a folder cannot be had: programs then start as they would by themselves
 */
export async function compileCacheFolder(
  account: Account | null,
  cache = cacheFolder(),
): Promise<string | null> {
  const uid = account?.uid ?? process.getuid?.();
  if (uid === undefined) return null;
  const folder = join(cache, `compiled-${uid}`);
  try {
    await mkdir(cache, { recursive: true, mode: 0o755 });
    if (await makeFolder(folder)) await chown(folder, uid, account?.gid ?? -1);
    return (await belongsTo(uid, folder)) ? folder : null;
  } catch {
    return null;
  }
}

async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function belongsTo(uid: number, folder: string): Promise<boolean> {
  const about = await lstat(folder);
  return about.isDirectory() && about.uid === uid && (about.mode & 0o077) === 0;
}
