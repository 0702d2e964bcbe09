import type Dockerode from 'dockerode';
import { EnvironmentError, type Problem } from '../environment.ts';
import { whyNoAnswer } from './engine-answer.ts';

/** The container engine of this machine, as testcontainers finds it: DOCKER_HOST, its settings file, the usual sockets. */
export interface Engine {
  readonly docker: Dockerode;
  readonly version: string;
  /** Memory of the machine that containers run on, in bytes. */
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Where it keeps images and containers, as it says: on a machine of its own (Docker Desktop) this one has no such folder. */
  readonly rootDir: string;
}

let found: Promise<Engine> | null = null;

/** @throws EnvironmentError that says why no engine answers and what to do */
export function engine(): Promise<Engine> {
  found ??= connectEngine().catch((error: unknown) => {
    // It may be started later, while this process still lives.
    found = null;
    throw error;
  });
  return found;
}

/** Loaded only here: drills on other environments do not wait for it. */
async function connectEngine(): Promise<Engine> {
  const none = await whyNoAnswer(process.env.DOCKER_HOST);
  // Where a person names an engine, the drill runs on that one or not at all: testcontainers would go on to the next it finds.
  if (none !== null && (process.env.DOCKER_HOST !== undefined || none.code === 'no-answer'))
    throw new EnvironmentError(`no container engine answers: ${none.why}`);
  // drillbook removes by label what it made; a reaper of testcontainers' own would be one more thing to remove.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    const { container, info } = await getContainerRuntimeClient();
    const { serverVersion, memory, cpus } = info.containerRuntime;
    const docker = container.dockerode;
    const { DockerRootDir: rootDir } = (await docker.info()) as { DockerRootDir: string };
    return { docker, version: String(serverVersion), memoryBytes: memory, cpus, rootDir };
  } catch (cause) {
    const why = none?.why ?? `${(cause as Error).message}; see "docker info"`;
    throw new EnvironmentError(`no container engine answers: ${why}`, { cause });
  }
}

/** The same for somebody who asks what this machine can run. */
export async function engineProblem(): Promise<Problem | null> {
  try {
    const { docker } = await engine();
    await docker.ping();
    return null;
  } catch (error) {
    if (error instanceof EnvironmentError)
      return { what: error.message, todo: 'Then ask again with `drillbook doctor`' };
    found = null;
    return {
      what: `the container engine does not answer any more: ${(error as Error).message}`,
      todo: 'start Docker again, then ask again with `drillbook doctor`',
    };
  }
}
