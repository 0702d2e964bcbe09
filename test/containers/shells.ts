import { randomUUID } from 'node:crypto';
import Dockerode from 'dockerode';
import { openShells, type Shells, type ShellsOptions } from '../../src/environments/containers/shells.ts';
import type { CommandResult } from '../../src/environments/environment.ts';

export const docker = new Dockerode();

export interface TestShells {
  readonly container: Dockerode.Container;
  readonly shells: Shells;
  /** In a session of its own, if none is named. */
  exec(command: string, session?: string, timeoutMs?: number): Promise<CommandResult>;
  output(command: string, session?: string): Promise<string>;
  /** Command lines in the container that hold the text; not those of the program that looks. */
  processes(text: string): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** A container of a plain image, and shells in it. */
export async function openTestShells(
  extra: Partial<ShellsOptions> = {},
  create: Dockerode.ContainerCreateOptions = {},
): Promise<TestShells> {
  const container = await docker.createContainer({
    name: `drillbook-test-shells-${randomUUID()}`,
    Image: 'debian:trixie-slim',
    Cmd: ['sleep', 'infinity'],
    Labels: { 'drillbook.test': 'shells' },
    HostConfig: { Init: true, NetworkMode: 'none' },
    ...create,
  });
  await container.start();
  const options = {
    docker,
    containerId: container.id,
    env: { API: 'http://api.internal' },
    secrets: ['correct-horse-battery'],
    tools: {
      'never-there': { 'not-here': 'it needs a cloud' },
      chroot: { 'not-here': 'it needs a machine' },
    },
    ...extra,
  };
  const shells = openShells(options);
  const exec: TestShells['exec'] = (command, session = randomUUID(), timeoutMs = 30_000) =>
    shells.exec(command, { session, timeoutMs });
  return {
    container,
    shells,
    exec,
    output: async (command, session) => (await exec(command, session)).stdout,
    async processes(text) {
      const { Processes } = await container.top({ ps_args: '-eo pid,args' });
      return (Processes as string[][]).map(([, args = '']) => args).filter((args) => args.includes(text));
    },
    async remove() {
      await shells.close();
      await container.remove({ force: true, v: true }).catch((error) => {
        if (error.statusCode !== 404) throw error;
      });
    },
  };
}
