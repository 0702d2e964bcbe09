import { buffer } from 'node:stream/consumers';
import type Dockerode from 'dockerode';
import { extract } from 'tar-stream';
import { EnvironmentError, type OneShotSpec, type OneShots, type StartedOneShot } from '../environment.ts';
import { archive } from './archive.ts';
import { hostEntries, hostsBinds } from './hosts-file.ts';
import { imageOf } from './images.ts';
import { instanceLabel, platformNetwork, runLabel } from './layout.ts';
import { lastLines } from './logs.ts';
import { type ContainersRun, statusCode } from './run.ts';

/** Some 64 KB of a load's progress lines. */
const shownLines = 1000;

/** See `OneShots`. */
export function oneShotsOf(run: ContainersRun): OneShots {
  return { run: (spec) => startOne(run, spec) };
}

async function startOne(run: ContainersRun, spec: OneShotSpec): Promise<StartedOneShot> {
  try {
    const container = await create(run, spec);
    // Asked before it starts: one that ends at once is not missed.
    const ended = container.wait({ condition: 'next-exit' }).then(
      ({ StatusCode }: { StatusCode: number }) => StatusCode,
      () => null,
    );
    await container.start();
    return startedOf(container, ended);
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(`${spec.name} could not be started: ${(cause as Error).message}`, { cause });
  }
}

async function create(
  run: ContainersRun,
  { name, image, argv, env, files, mounts }: OneShotSpec,
): Promise<Dockerode.Container> {
  const { layout, docker } = run;
  const container = await docker.createContainer({
    name: `${layout.prefix}-${name}`,
    Image: await imageOf(docker, { image }, layout.platform.baseDir),
    Cmd: [...argv],
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    Labels: { [runLabel]: layout.runId, [instanceLabel]: '' },
    HostConfig: {
      NetworkMode: platformNetwork(layout),
      ExtraHosts: hostEntries(layout),
      Binds: [
        ...Object.entries(mounts).map(([path, folder]) => `${folder}:${path}:ro`),
        ...hostsBinds(layout),
      ],
    },
  });
  const entries = Object.entries(files).map(([path, content]) => ({ path, content, mode: 0o644 }));
  if (entries.length > 0) await container.putArchive(await archive(entries), { path: '/' });
  return container;
}

function startedOf(container: Dockerode.Container, ended: Promise<number | null>): StartedOneShot {
  return {
    ended,
    logs: async () => (await lastLines(container, shownLines)).join('\n'),
    async signal(signal) {
      await container.kill({ signal }).catch(unlessGone);
    },
    async read(path) {
      try {
        return await firstFile(await container.getArchive({ path }));
      } catch (cause) {
        throw new EnvironmentError(`${path} could not be read: ${(cause as Error).message}`, { cause });
      }
    },
    async remove() {
      await container.remove({ force: true, v: true }).catch(unlessGone);
    },
  };
}

/** 404: it is gone; 409: it has ended, or is being removed. */
function unlessGone(error: unknown): void {
  if (![404, 409].includes(statusCode(error) ?? 0)) throw error;
}

async function firstFile(stream: NodeJS.ReadableStream): Promise<string> {
  const entries = extract();
  stream.pipe(entries);
  for await (const entry of entries) return (await buffer(entry)).toString('utf8');
  throw new EnvironmentError('the archive is empty');
}
