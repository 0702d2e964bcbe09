import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { connectRedis, infoFields, type RedisReply } from '../../src/clients/redis.ts';
import type { Address, RedisLogin } from '../../src/environments/environment.ts';
import { nowhere } from '../conformance/http-server.ts';
import { redisImage } from './redis-image.ts';

const docker = new Docker();
const label = 'drillbook.test';

/** A Redis of its own in a container, published on a loopback address. */
export interface TestRedis {
  /** Its name in the network, for `--replicaof`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** An address as an environment gives it: of this server alone, or of a group's primary. */
  address(redis?: Partial<RedisLogin>): Address;
  /** Asks it on a connection of its own. */
  ask(command: string, ...args: readonly (string | number)[]): Promise<RedisReply>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  kill(): Promise<void>;
  /** Takes it out of the network, and with that away from clients, too. */
  cutOff(): Promise<void>;
  connectAgain(): Promise<void>;
}

export interface TestRedisGroup extends AsyncDisposable {
  /** Starts a server in the group's network and waits until it answers. */
  start(name: string, options?: readonly string[], password?: string): Promise<TestRedis>;
  /** Removes every container and the network. */
  stop(): Promise<void>;
}

/** A network in which servers find each other by name. */
export async function startRedisGroup(): Promise<TestRedisGroup> {
  const image = await redisImage(docker);
  const labels = { [label]: 'redis' };
  const id = `drillbook-test-redis-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const network = await docker.createNetwork({ Name: id, Labels: labels });
  const containers: Docker.Container[] = [];
  async function stop() {
    await Promise.all(containers.splice(0).map((container) => container.remove({ force: true, v: true })));
    await network.remove();
  }
  return {
    async start(name, options = [], password) {
      const { host, port } = await nowhere();
      const container = await docker.createContainer({
        ...{ Image: image, name: `${id}-${name}`, Labels: labels },
        Entrypoint: ['redis-server'],
        Cmd: [
          '--bind',
          '*',
          '--protected-mode',
          'no',
          '--save',
          '',
          '--repl-diskless-sync-delay',
          '0',
          ...options,
        ],
        HostConfig: { PortBindings: { '6379/tcp': [{ HostIp: host, HostPort: `${port}` }] } },
        ExposedPorts: { '6379/tcp': {} },
        NetworkingConfig: { EndpointsConfig: { [id]: { Aliases: [name] } } },
      });
      containers.push(container);
      await container.start();
      const server = serverOf({ container, network, name, host, port, password });
      await answering(server);
      return server;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface Started {
  readonly container: Docker.Container;
  readonly network: Docker.Network;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly password: string | undefined;
}

function serverOf({ container, network, name, host, port, password }: Started): TestRedis {
  const login = { ...(password !== undefined && { password }) };
  const Container = container.id;
  return {
    ...{ name, host, port },
    address: (redis = {}) => ({
      ...{ role: 'cache', component: 'cache', instance: name, name, host, port, why: 'test' },
      redis: { members: [{ instance: name, host, port }], followsPrimary: false, ...login, ...redis },
    }),
    async ask(command, ...args) {
      const connection = await connectRedis(
        { host, port },
        { hosts: {}, ...login },
        AbortSignal.timeout(5000),
      );
      return await connection.call(command, ...args).finally(() => connection.destroy());
    },
    pause: () => container.pause(),
    unpause: () => container.unpause(),
    kill: () => container.kill({ signal: 'SIGKILL' }),
    cutOff: () => network.disconnect({ Container, Force: true }),
    connectAgain: () => network.connect({ Container, EndpointConfig: { Aliases: [name] } }),
  };
}

/** Waits until it answers a command; a server that needs longer than a test is what the test then fails by. */
export async function answering({ ask }: TestRedis): Promise<void> {
  for (;;) {
    if ((await ask('PING').catch(() => null)) === 'PONG') return;
    await sleep(50);
  }
}

/** Waits until a replica follows its primary. */
export async function following({ ask }: TestRedis): Promise<void> {
  for (;;) {
    if (infoFields(await ask('INFO', 'replication')).get('master_link_status') === 'up') return;
    await sleep(50);
  }
}
