import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type Dockerode from 'dockerode';
import type { ContainerSpec } from '../../definition/container-component.ts';
import { EnvironmentError } from '../environment.ts';

type ImageSource = ContainerSpec['container'];

const shownLines = 20;

/**
 * The name of an image that the engine has, pulled or built where it did not have it.
 * A built one is found again by the content of its folder, so that it is built once, whoever runs it.
 * @throws EnvironmentError with the engine's last words
 */
export async function imageOf(docker: Dockerode, source: ImageSource, baseDir: string): Promise<string> {
  if ('service' in source)
    throw new EnvironmentError(`the image of the service ${source.service} is the compose file's to name`);
  if ('image' in source) {
    if (!(await hasImage(docker, source.image))) await pull(docker, source.image);
    return source.image;
  }
  const folder = resolve(baseDir, source.build);
  const name = await builtName(folder);
  if (!(await hasImage(docker, name))) await build(docker, folder, name);
  return name;
}

export async function hasImage(docker: Dockerode, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/** `drillbook/patroni:5c1d…`: the last part of the folder's path, and a hash of names, modes and contents of what is in it. */
export async function builtName(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesIn(folder)) {
    const path = join(folder, file);
    const { mode } = await stat(path);
    hash.update(`${file}\0${mode & 0o111 ? 'x' : '-'}\0`);
    hash.update(await readFile(path));
    hash.update('\0');
  }
  return `drillbook/${basename(folder).toLowerCase()}:${hash.digest('hex').slice(0, 16)}`;
}

/** Plain files below a folder, sorted. @throws EnvironmentError when it cannot be read or has no Dockerfile */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw new EnvironmentError(
      `there is no folder ${folder} to build an image from: correct "build" in the platform file`,
      { cause },
    );
  });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  if (!files.includes('Dockerfile'))
    throw new EnvironmentError(`${folder} has no Dockerfile: an image cannot be built from it`);
  return files;
}

async function build(docker: Dockerode, folder: string, name: string): Promise<void> {
  const src = [...(await filesIn(folder))];
  // An older engine prints a notice of its own unless it is told which builder is meant.
  const stream = await docker.buildImage({ context: folder, src }, { t: name, rm: true, forcerm: true });
  await follow(docker, stream, `the image of ${folder} could not be built`);
}

async function pull(docker: Dockerode, name: string): Promise<void> {
  const failed = `the image ${name} could not be pulled`;
  const stream = await docker.pull(name).catch((cause: Error) => {
    throw new EnvironmentError(`${failed}: ${cause.message}`, { cause });
  });
  await follow(docker, stream, failed);
}

interface Progress {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/** @throws EnvironmentError that starts with `failed` and ends with the last lines */
export async function follow(
  docker: Dockerode,
  stream: NodeJS.ReadableStream,
  failed: string,
): Promise<void> {
  const lines: string[] = [];
  const note = ({ stream: text = '', status = '', error = '' }: Progress) => {
    // A builder paints what a program wrote to its standard error.
    const plain = stripVTControlCharacters(`${text}${status}${error}`);
    lines.push(...plain.split('\n').filter((line) => line.trim() !== ''));
    lines.splice(0, lines.length - shownLines);
  };
  let refused: string | undefined;
  await new Promise<void>((done, reject) => {
    docker.modem.followProgress(
      stream,
      (error) =>
        error === null
          ? done()
          : reject(
              new EnvironmentError(
                `${failed}: ${error.message}; the engine's last lines:\n${lines.join('\n')}`,
                { cause: error },
              ),
            ),
      (event: Progress) => {
        note(event);
        refused = event.error ?? refused;
      },
    );
  });
  if (refused !== undefined)
    throw new EnvironmentError(`${failed}: ${refused.trim()}; the engine's last lines:\n${lines.join('\n')}`);
}
