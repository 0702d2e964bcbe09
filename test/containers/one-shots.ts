import { buffer } from 'node:stream/consumers';
import Docker from 'dockerode';
import { EnvironmentError, type OneShotSpec, type OneShots } from '../../src/environments/environment.ts';
import { firstFile, tarOf } from './tar.ts';

export interface TestOneShots extends OneShots {
  /** The network that they are in. */
  readonly network: string;
  /** Address of this machine in that network. */
  readonly gateway: string;
  /** Containers that are still there. */
  left(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** What an environment with containers offers a load, on the engine of this machine: a network and the containers in it. */
export async function startOneShots(prefix: string): Promise<TestOneShots> {
  const docker = new Docker();
  const network = `${prefix}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const labels = { 'drillbook.test': network };
  const made = await docker.createNetwork({ Name: network, Labels: labels });
  const { IPAM } = await made.inspect();
  const filters = { label: [`drillbook.test=${network}`] };
  const containers = () => docker.listContainers({ all: true, filters });
  return {
    network,
    gateway: IPAM?.Config?.[0]?.Gateway ?? '',
    run: (spec) => runOne(docker, network, labels, spec),
    left: async () => (await containers()).map(({ Names }) => Names.join()),
    async stop() {
      for (const { Id } of await containers()) await docker.getContainer(Id).remove({ force: true });
      await made.remove();
    },
  };
}

async function runOne(
  docker: Docker,
  network: string,
  labels: Record<string, string>,
  { name, image, argv, env, files, mounts }: OneShotSpec,
): ReturnType<OneShots['run']> {
  const container = await docker
    .createContainer({
      name: `${network}-${name}`,
      Image: image,
      Cmd: [...argv],
      Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      Labels: labels,
      HostConfig: {
        NetworkMode: network,
        Binds: Object.entries(mounts).map(([path, folder]) => `${folder}:${path}:ro`),
      },
    })
    .catch((error: Error) => {
      throw new EnvironmentError(error.message, { cause: error });
    });
  if (Object.keys(files).length > 0) await container.putArchive(tarOf(files), { path: '/' });
  const ended = container.wait({ condition: 'next-exit' }).then(
    ({ StatusCode }: { StatusCode: number }) => StatusCode,
    () => null,
  );
  await container.start();
  return {
    ended,
    logs: async () => textOf(await container.logs({ stdout: true, stderr: true, tail: 1000 })),
    async signal(signal) {
      const { State } = await container.inspect();
      if (State.Running) await container.kill({ signal });
    },
    async read(path) {
      try {
        return firstFile(await buffer(await container.getArchive({ path })));
      } catch (error) {
        throw new EnvironmentError((error as Error).message, { cause: error });
      }
    },
    async remove() {
      await container.remove({ force: true }).catch((error: { statusCode?: number }) => {
        if (error.statusCode !== 404) throw error;
      });
    },
  };
}

/** The engine's frames without their heads: 4 bytes of stream, 4 of length. */
function textOf(frames: Buffer): string {
  const texts: string[] = [];
  for (let at = 0; at + 8 <= frames.length; ) {
    const length = frames.readUInt32BE(at + 4);
    texts.push(frames.toString('utf8', at + 8, at + 8 + length));
    at += 8 + length;
  }
  return texts.join('');
}
