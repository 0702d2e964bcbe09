import { constants } from 'node:fs';
import { copyFile, lchown, mkdir, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Account } from '../account.ts';

/** Copies at once: more gain nothing, Node has four threads for files. */
const width = 8;

/**
 * Copies a data folder, of a stopped server or of a running one in backup mode; everything then belongs to the account.
 * Files that vanish on the way are left out, as PostgreSQL's own rules for backups allow.
 * @param skip told the path relative to `from`; folders that it says yes to are made, but stay empty
 */
export async function copyData(
  account: Account | null,
  from: string,
  to: string,
  skip: (path: string) => boolean = () => false,
): Promise<void> {
  await makeFolder(account, to);
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const all = entries.map((entry) => ({
    path: relative(from, join(entry.parentPath, entry.name)),
    folder: entry.isDirectory(),
  }));
  // Sorted, a folder comes before what is in it.
  for (const { path } of all
    .filter(({ folder, path }) => folder && !skip(dirname(path)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))) {
    await makeFolder(account, join(to, path));
  }
  const files = all
    .filter(({ folder, path }) => !folder && !skip(path) && !skip(dirname(path)))
    .map(({ path }) => path);
  const next = files[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const path of next) await copyOne(account, join(from, path), join(to, path));
    }),
  );
}

async function makeFolder(account: Account | null, path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (account !== null) await lchown(path, account.uid, account.gid);
}

async function copyOne(account: Account | null, from: string, to: string): Promise<void> {
  try {
    // A clone where the file system can, which costs nothing.
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    if (account !== null) await lchown(to, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
