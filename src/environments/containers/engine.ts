import { connect } from 'node:net';
import type Dockerode from 'dockerode';
import { EnvironmentError, type Problem } from '../environment.ts';

/** The container engine of this machine, as testcontainers finds it: DOCKER_HOST, its settings file, the usual sockets. */
export interface Engine {
  readonly docker: Dockerode;
  readonly version: string;
  /** Memory of the machine that containers run on, in bytes. */
  readonly memoryBytes: number;
  readonly cpus: number;
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
  // drillbook removes by label what it made; a reaper of testcontainers' own would be one more thing to remove.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    const { container, info } = await getContainerRuntimeClient();
    const { serverVersion, memory, cpus } = info.containerRuntime;
    return { docker: container.dockerode, version: String(serverVersion), memoryBytes: memory, cpus };
  } catch (cause) {
    throw new EnvironmentError(`no container engine answers: ${await whyNone()}`, { cause });
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
      return { what: error.message, todo: 'then ask again with `drillbook doctor`' };
    found = null;
    return {
      what: `the container engine does not answer any more: ${(error as Error).message}`,
      todo: 'start Docker again, then ask again with `drillbook doctor`',
    };
  }
}

const defaultSocket = '/var/run/docker.sock';

/** testcontainers tells only that none works; the socket tells why. */
async function whyNone(): Promise<string> {
  const host = process.env.DOCKER_HOST;
  if (host !== undefined && !host.startsWith('unix://'))
    return `DOCKER_HOST says ${host}; start the engine there, or unset DOCKER_HOST`;
  const socket = host?.slice('unix://'.length) ?? defaultSocket;
  const code = await connectCode(socket);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `you have no permission for its socket ${socket}; join the group that has (usually "docker"), or run drillbook as a user who may`;
    case 'ENOENT':
      return `there is no socket ${socket}; install and start Docker (Engine or Desktop), or set DOCKER_HOST to where yours listens`;
    case null:
      return `something listens at ${socket} and does not answer as Docker does; see "docker info"`;
    default:
      return `${socket}: ${code}; start Docker`;
  }
}

function connectCode(socket: string): Promise<string | null> {
  return new Promise((resolve) => {
    const client = connect(socket);
    client.once('connect', () => {
      client.destroy();
      resolve(null);
    });
    client.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
