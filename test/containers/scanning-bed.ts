import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { loopbackAddress } from '../../fixtures/services/testing/processes.ts';
import { redisImage } from './redis-image.ts';

const docker = new Docker();
const label = 'drillbook.test';
const repository = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** A container of the test, and where its published port is. */
export interface TestContainer {
  readonly url: string;
  readonly host: string;
  readonly container: Docker.Container;
}

/** A network of the test's own, in which containers find each other by name. */
export interface ScanningBed {
  /** Redis with a Sentinel beside it, or a Sentinel alone, from the project's own image. */
  redis(name: string, env: { readonly [variable: string]: string }): Promise<TestContainer>;
  /** One of the scanning services, from this repository. */
  service(name: string, port: number, env: { readonly [variable: string]: string }): Promise<TestContainer>;
  /** Prometheus with the platform's own configuration and rules. */
  prometheus(): Promise<TestContainer>;
  /** Removes every container and the network. */
  stop(): Promise<void>;
}

/** @param prefix of the names of what it makes */
export async function startScanningBed(prefix: string): Promise<ScanningBed> {
  const image = await redisImage(docker);
  const id = `${prefix}-${process.pid}`;
  const network = await docker.createNetwork({ Name: id, Labels: { [label]: prefix } });
  const containers: Docker.Container[] = [];
  const start = async (name: string, port: number, options: Docker.ContainerCreateOptions) => {
    const host = loopbackAddress();
    const exposed = `${port}/tcp`;
    const { HostConfig, ...others } = options;
    const container = await docker.createContainer({
      ...{ name: `${id}-${name}`, Hostname: name, Labels: { [label]: prefix }, ...others },
      ExposedPorts: { [exposed]: {} },
      HostConfig: { ...HostConfig, PortBindings: { [exposed]: [{ HostIp: host, HostPort: String(port) }] } },
      NetworkingConfig: { EndpointsConfig: { [id]: { Aliases: [name] } } },
    });
    containers.push(container);
    await container.start();
    return { url: `http://${host}:${port}`, host, container };
  };
  return {
    redis: (name, env) => start(name, 6379, { Image: image, Env: variables({ NAME: name, ...env }) }),
    service: (name, port, env) =>
      start(name, port, {
        Image: 'node:24-trixie-slim',
        Env: variables({ HOST: '0.0.0.0', PORT: String(port), ...env }),
        Cmd: ['node', '--no-warnings', `/srv/drillbook/fixtures/services/scanning/${name}.ts`],
        HostConfig: { Binds: [`${repository}:/srv/drillbook:ro`, ...linkedModules()] },
      }),
    prometheus: () =>
      start('prometheus', 9090, {
        Image: 'prom/prometheus:v2.53.3',
        HostConfig: { Binds: [`${repository}/fixtures/services/scanning/prometheus:/etc/prometheus:ro`] },
      }),
    async stop() {
      await Promise.all(containers.splice(0).map((container) => container.remove({ force: true, v: true })));
      await network.remove();
    },
  };
}

function variables(env: { readonly [variable: string]: string }): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** In a second worktree `node_modules` is a link: what it leads to has to be there under the same path. */
function linkedModules(): string[] {
  const modules = realpathSync(`${repository}/node_modules`);
  return modules.startsWith(repository) ? [] : [`${modules}:${modules}:ro`];
}
