import { stripVTControlCharacters } from 'node:util';
import type Dockerode from 'dockerode';
import type { ContainerSpec } from '../../definition/container-component.ts';
import { EnvironmentError } from '../environment.ts';
import { type BuildContext, type BuiltSource, buildContext } from './build-context.ts';

type ImageSource = ContainerSpec['container'];

const shownLines = 20;

/**
 * The name of an image that the engine has, pulled or built where it did not have it.
 * A built one is found again by the content of its build context, so that it is built once, whoever runs it.
 * @throws EnvironmentError with the engine's last words
 */
export async function imageOf(docker: Dockerode, source: ImageSource, baseDir: string): Promise<string> {
  if ('service' in source)
    throw new EnvironmentError(`the image of the service ${source.service} is the compose file's to name`);
  if ('image' in source) {
    if (!(await hasImage(docker, source.image))) await pull(docker, source.image);
    return source.image;
  }
  const context = await buildContext(source, baseDir);
  if (!(await hasImage(docker, context.name))) await build(docker, context);
  return context.name;
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

/** The name that an image has when it is built: see `buildContext`. */
export async function builtName(source: BuiltSource, baseDir: string): Promise<string> {
  return (await buildContext(source, baseDir)).name;
}

async function build(docker: Dockerode, { folder, name, tar }: BuildContext): Promise<void> {
  const stream = await docker.buildImage(await tar(), { t: name, rm: true, forcerm: true });
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
