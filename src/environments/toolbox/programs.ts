import { access, constants, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';

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
export async function findPrograms(name: string, folders = searchedFolders()): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isExecutable(path)) found.push(join(await realpath(dirname(path)), basename(path)));
  }
  return [...new Set(found)];
}

export async function findProgram(name: string, folders = searchedFolders()): Promise<string | null> {
  return (await findPrograms(name, folders))[0] ?? null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
