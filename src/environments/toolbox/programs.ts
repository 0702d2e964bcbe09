import { access, constants, realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where every Unix keeps its own programs; searched after the operator's PATH. */
export const systemFolders = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
] as const;

/** Folders of the operator's PATH, then the system's. */
export function searchedFolders(): readonly string[] {
  const own = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return [...new Set([...own, ...systemFolders])];
}

/**
 * Every executable file of that name, best first. The folder is resolved and the file name kept: programs with many
 * names (busybox, pyenv's shims) look at how they were called.
 */
export async function findPrograms(name: string): Promise<readonly string[]> {
  const found = await Promise.all(searchedFolders().map((folder) => programIn(folder, name)));
  return [...new Set(found.filter((path) => path !== null))];
}

/** The first of them; null if there is none. */
export async function findProgram(name: string, folders = searchedFolders()): Promise<string | null> {
  for (const folder of folders) {
    const path = await programIn(folder, name);
    if (path !== null) return path;
  }
  return null;
}

async function programIn(folder: string, name: string): Promise<string | null> {
  const path = join(folder, name);
  return (await isExecutable(path)) ? join(await realpath(folder), name) : null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
