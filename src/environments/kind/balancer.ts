import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import type { ContainerSpec } from '../../definition/container-component.ts';
import type { WorkloadSpec } from '../../definition/kubernetes-component.ts';
import { instanceNames } from '../../definition/platform-names.ts';
import { archive } from '../containers/archive.ts';
import { follow, hasImage } from '../containers/images.ts';

const dockerfile = `FROM debian:trixie-slim
RUN apt-get update && \\
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends haproxy && \\
    rm -rf /var/lib/apt/lists/*
CMD ["haproxy", "-W", "-db", "-f", "/etc/haproxy/haproxy.cfg"]
`;

/** Found again by its content, as images of platforms are. */
export const balancerImage = `drillbook/balancer:${createHash('sha256').update(dockerfile).digest('hex').slice(0, 16)}`;

/** Builds the image where the engine does not have it. @throws EnvironmentError with the engine's last lines */
export async function buildBalancer(docker: Dockerode): Promise<void> {
  if (await hasImage(docker, balancerImage)) return;
  const context = await archive([{ path: 'Dockerfile', content: dockerfile, mode: 0o644 }]);
  const stream = await docker.buildImage(Readable.from([context]), {
    t: balancerImage,
    rm: true,
    forcerm: true,
  });
  await follow(docker, stream, 'the image of the load balancer before workloads could not be built');
}

interface Behind {
  /** Component that is the workload's cluster. */
  readonly cluster: string;
  readonly nodes: readonly { readonly container: string }[];
}

/**
 * The load balancer of a cloud, which leads to a service's port on any node: plain TCP, so that what the service says reaches
 * its clients. It is outside of the cluster, as its clients are.
 */
export function balancerSpec(
  component: string,
  spec: WorkloadSpec,
  { cluster, nodes }: Behind,
): ContainerSpec {
  const { members, host, names, aliases, port, ports, after, speaks } = spec;
  return {
    container: { image: balancerImage },
    ...(members !== undefined && { members }),
    ...(host !== undefined && { host }),
    ...(names !== undefined && { names }),
    ...(aliases !== undefined && { aliases }),
    ...(port !== undefined && { port }),
    ...(ports !== undefined && { ports }),
    ...(speaks !== undefined && { speaks }),
    after: [...new Set([cluster, ...(after ?? [])])],
    env: { MEMBER: '${member}' },
    memory: 64,
    files: { '/etc/haproxy/haproxy.cfg': configuration(component, spec, nodes) },
  };
}

/** One text for all members, which HAProxy reads by the member's name. */
function configuration(component: string, spec: WorkloadSpec, nodes: Behind['nodes']): string {
  const sections = instanceNames(component, spec).flatMap((member) =>
    Object.entries(spec['node-ports'] ?? {}).flatMap(([port, at]) => {
      const nodePort = typeof at === 'number' ? at : at[member];
      return nodePort === undefined ? [] : [listener(member, Number(port), nodePort, nodes)];
    }),
  );
  return [defaults, ...sections].join('\n');
}

function listener(member: string, port: number, nodePort: number, nodes: Behind['nodes']): string {
  const servers = nodes.map(({ container }, i) => `  server node-${i + 1} ${container}:${nodePort}`);
  return [
    `.if streq("$MEMBER",${member})`,
    `listen port-${port}`,
    `  bind :${port}`,
    ...servers,
    '.endif',
    '',
  ].join('\n');
}

/**
 * A node that does not accept for a second is left out until it does: what a load balancer of a cloud does within tens of
 * seconds. Its own part in a recovery is at most that one second.
 */
const defaults = `global
  maxconn 2000
  log stdout format raw local0 notice

defaults
  mode tcp
  log global
  option dontlognull
  option redispatch 1
  retries 2
  timeout connect 1s
  timeout check 1s
  timeout client 1h
  timeout server 1h
  default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions init-addr last,libc,none resolvers engine resolve-prefer ipv4

# Nodes may come back with another address; one that is down has no name for a while.
resolvers engine
  nameserver engine 127.0.0.11:53
  resolve_retries 1
  timeout resolve 1s
  timeout retry 1s
  hold valid 1s
  hold nx 1d
  hold other 1d
  hold refused 1d
  hold timeout 1d
`;
