import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { ContainerSpec } from '../../definition/container-component.ts';
import { EnvironmentError } from '../environment.ts';
import { archive } from './archive.ts';

/** An image that is built: from a folder, and from what the platform file puts beside its files. */
export type BuiltSource = Extract<ContainerSpec['container'], { build: string }>;

/** A file of the build context: where it is there, and where it comes from. */
interface ContextFile {
  readonly path: string;
  readonly source: string;
}

/** What an image is built from, read once: a name that was hashed from one content never gets another. */
export interface BuildContext {
  readonly folder: string;
  /** `drillbook/patroni:5c1d…`: the last part of the folder's path, and a hash of paths, modes and contents. */
  readonly name: string;
  readonly tar: () => Promise<NodeJS.ReadableStream>;
}

const dockerfile = 'Dockerfile';

/** Where the Dockerfile of an image comes from: images that differ in their files only can have one. */
export function dockerfileOf({ build, include = {} }: BuiltSource, baseDir: string): string {
  return resolve(baseDir, include[dockerfile] ?? join(build, dockerfile));
}

/** @throws EnvironmentError when something of it cannot be read, has two sources, or has no Dockerfile */
export async function buildContext(
  { build, include = {} }: BuiltSource,
  baseDir: string,
): Promise<BuildContext> {
  const folder = resolve(baseDir, build);
  const lists = await Promise.all([
    filesOfFolder(folder),
    ...Object.entries(include).map(([path, source]) => filesToInclude(path, resolve(baseDir, source))),
  ]);
  const files = lists.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
  refuseTwice(folder, files);
  if (!files.some(({ path }) => path === dockerfile))
    throw new EnvironmentError(
      `${folder} has no ${dockerfile}: put one there, or name one in "include" of the platform file`,
    );
  const read = await Promise.all(files.map(readOne));
  const hash = createHash('sha256');
  for (const { path, mode, content } of read) {
    hash.update(`${path}\0${mode === 0o755 ? 'x' : '-'}\0`);
    hash.update(content);
    hash.update('\0');
  }
  return {
    folder,
    name: `drillbook/${basename(folder).toLowerCase()}:${hash.digest('hex').slice(0, 16)}`,
    tar: async () => Readable.from([await archive(read)]),
  };
}

/** Modes as Git has them: an image does not depend on the umask of who checked its files out. */
async function readOne({ path, source }: ContextFile) {
  const [{ mode }, content] = await Promise.all([stat(source), readFile(source)]);
  return { path, content, mode: mode & 0o111 ? 0o755 : 0o644 };
}

async function filesOfFolder(folder: string): Promise<readonly ContextFile[]> {
  return filesBelow('', folder).catch((cause: Error) => {
    throw new EnvironmentError(
      `there is no folder ${folder} to build an image from: correct "build" in the platform file`,
      { cause },
    );
  });
}

async function filesToInclude(path: string, source: string): Promise<readonly ContextFile[]> {
  const target = path.replace(/\/+$/, '');
  try {
    if (!(await stat(source)).isDirectory()) return [{ path: target, source }];
    return await filesBelow(`${target}/`, source);
  } catch (cause) {
    throw new EnvironmentError(
      `there is no ${source}, which the build context is to have as ${target}: correct "include" in the platform file`,
      { cause },
    );
  }
}

async function filesBelow(prefix: string, folder: string): Promise<readonly ContextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((source) => ({ path: `${prefix}${source.slice(folder.length + 1)}`, source }));
}

/** Which of two would win is nobody's decision. */
function refuseTwice(folder: string, files: readonly ContextFile[]): void {
  files.forEach(({ path, source }, index) => {
    const before = files[index - 1];
    if (before?.path === path)
      throw new EnvironmentError(
        `the build context of ${folder} would have ${path} twice, from ${before.source} and from ${source}: correct "include" in the platform file`,
      );
  });
}
