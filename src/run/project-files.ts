import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { FileContent } from '../definition/decode.ts';
import { projectFileName } from '../definition/project.ts';
import type { ProjectFiles } from '../definition/project-files.ts';

/** Larger files are neither definitions nor runbooks. */
const largestBytes = 8_000_000;

/** Folder of the installed package (or the checkout): it is a project itself, with drills to try. */
export const packageFolder = resolve(import.meta.dirname, '../..');

export interface ProjectPlace {
  readonly root: string;
  /** No project was found above the working folder: the package's own drills are used. */
  readonly isPackage: boolean;
}

/** The nearest folder with a `drillbook.yaml`, from a working folder upwards. */
export async function findProject(workingFolder: string): Promise<ProjectPlace> {
  for (let folder = resolve(workingFolder); ; folder = dirname(folder)) {
    if (await isProject(folder)) return { root: folder, isPackage: folder === packageFolder };
    if (folder === dirname(folder)) return { root: packageFolder, isPackage: true };
  }
}

export async function isProject(folder: string): Promise<boolean> {
  const found = await stat(join(folder, projectFileName)).catch(() => null);
  return found?.isFile() ?? false;
}

/** Files under `root`; people are told of them as seen from `workingFolder`. */
export function projectFiles(root: string, workingFolder: string): ProjectFiles {
  const absolute = (path: string) => resolve(root, path);
  return {
    absolute,
    read: (path) => readContent(absolute(path)),
    list: (folder) => listFiles(absolute(folder)),
    label: (path) => labelOf(absolute(path), workingFolder),
  };
}

/** Relative where that is short; paths with many `..` are harder to read than absolute ones. */
function labelOf(path: string, workingFolder: string): string {
  const near = relative(workingFolder, path);
  return near === '' ? '.' : near.startsWith(join('..', '..', '..')) || isAbsolute(near) ? path : near;
}

async function readContent(path: string): Promise<FileContent> {
  try {
    const found = await stat(path);
    // A pipe or a device could be read for ever.
    if (!found.isFile())
      return { kind: 'unreadable', reason: found.isDirectory() ? 'it is a folder' : 'it is no plain file' };
    if (found.size > largestBytes)
      return { kind: 'unreadable', reason: `it has ${found.size} bytes, and the most is ${largestBytes}` };
    return { kind: 'bytes', bytes: await readFile(path) };
  } catch (error) {
    return isMissing(error) ? { kind: 'missing' } : { kind: 'unreadable', reason: reasonOf(error) };
  }
}

async function listFiles(folder: string): Promise<readonly string[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return null;
    throw new ProjectError(`cannot list ${folder}: ${reasonOf(error)}`, { cause: error });
  }
}

/** A project folder that is there and cannot be used. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const reasons: { readonly [code: string]: string } = {
  EACCES: 'this account has no permission to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'its name is too long',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}
