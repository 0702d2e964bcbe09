import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A server that is killed leaves one System V segment of shared memory behind, by which the next one would see that it is alone.
 * Line 7 of postmaster.pid names it: `KEY ID`. Removed only while nobody is attached.
 */
export async function releaseSharedMemory(dataDir: string): Promise<void> {
  const [key, id] = (
    (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[6] ?? ''
  )
    .trim()
    .split(/\s+/);
  if (key === undefined || id === undefined || !(await isUnattached(key, id))) return;
  await new Promise<void>((resolve) => execFile('ipcrm', ['-m', id], () => resolve()));
}

/** Lines of /proc/sysvipc/shm: `key shmid perms size cpid lpid nattch …`. Elsewhere `ipcrm` itself must do: it marks for removal only. */
async function isUnattached(key: string, id: string): Promise<boolean> {
  const table = await readFile('/proc/sysvipc/shm', 'utf8').catch(() => null);
  if (table === null) return true;
  return table.split('\n').some((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[0] === key && fields[1] === id && fields[6] === '0';
  });
}
