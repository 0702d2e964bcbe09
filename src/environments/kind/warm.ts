import { createHash } from 'node:crypto';
import type Dockerode from 'dockerode';
import { platformNetwork, runLabel } from '../containers/layout.ts';
import { freeSubnet } from '../containers/networks.ts';
import { EnvironmentError } from '../environment.ts';
import { controlPlaneOf } from './apply.ts';
import { clean, keepBase, readBase } from './clean.ts';
import { createCluster, kindLabel, type Making, nodesLeft } from './clusters.ts';
import { clusterNetwork, createClusterNetwork } from './network.ts';
import { mustRunOnNode, nodeKubectl } from './node-exec.ts';
import type { KindCluster, Translated } from './translate.ts';

const readyWithinMs = 120_000;

/** Label of what stays between runs: the name that it is kept under. */
export const warmLabel = 'drillbook.warm';

/** Names at the engine begin with it; it is no run's. */
export function warmPrefix(name: string): string {
  return `drillbook-${name}`;
}

/**
 * The network of warm clusters, made where there is none. Returns its first three bytes.
 * @throws EnvironmentError for one that drillbook did not make
 */
export async function warmNetwork(docker: Dockerode, name: string): Promise<string> {
  const network = clusterNetwork(warmPrefix(name));
  const [found] = (await docker.listNetworks({ filters: { name: [network] } })).filter(
    ({ Name }) => Name === network,
  );
  if (found === undefined) {
    const subnet = await freeSubnet(docker);
    await createClusterNetwork(docker, network, subnet, { [warmLabel]: name });
    return subnet;
  }
  if (found.Labels?.[warmLabel] !== name)
    throw new EnvironmentError(
      `there is a network ${network} that drillbook did not make; it is left alone: take another name for --reuse`,
    );
  return found.IPAM?.Config?.[0]?.Subnet?.split('.').slice(0, 3).join('.') ?? '';
}

/** Of a run that was killed, and whose platform nobody has taken down: its containers have the addresses of the next. @throws EnvironmentError */
export async function refuseLeftovers(docker: Dockerode, name: string): Promise<void> {
  const network = clusterNetwork(warmPrefix(name));
  const found = await docker.listContainers({
    all: true,
    filters: { network: [network], label: [runLabel] },
  });
  const runs = [...new Set(found.map(({ Labels }) => Labels[runLabel]))];
  if (runs.length > 0)
    throw new EnvironmentError(
      `the warm clusters "${name}" still have containers of the run ${runs.join(', ')}: "drillbook heal" takes them down`,
    );
}

/** Of all that makes a cluster what it is before anything runs in it. */
export function configurationOf(cluster: KindCluster, { configs }: Translated): string {
  const text = configs.get(cluster.component)?.text('') ?? '';
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Has a clean cluster: the one that is there, or a new one that is kept from now on. @throws EnvironmentError */
export async function warmUp(cluster: KindCluster, making: Making): Promise<void> {
  const { docker, translated, layout, emit, abort } = making;
  const configuration = configurationOf(cluster, translated);
  const reasons = await whyNotWarm(docker, cluster, { network: platformNetwork(layout), configuration });
  if (reasons.length === 0) return;
  if (reasons !== neverMade) await emit({ type: 'cluster.renewed', cluster: cluster.component, reasons });
  await createCluster(cluster, making);
  const place = { docker, container: controlPlaneOf(cluster) };
  await mustRunOnNode(place, `${cluster.component}: its nodes did not become ready`, {
    argv: nodeKubectl([
      'wait',
      '--for=condition=Ready',
      'nodes',
      '--all',
      `--timeout=${readyWithinMs / 1000}s`,
    ]),
    timeoutMs: readyWithinMs + 5000,
  });
  await keepBase(place, configuration, abort);
}

const neverMade: readonly string[] = ['there is none'];

/**
 * Reasons why there is no warm cluster that was made from this configuration and is proved clean; none: there is one. One of ours
 * that is not is removed, so that it can be made anew.
 * @throws EnvironmentError for a cluster of that name that drillbook did not make
 */
async function whyNotWarm(
  docker: Dockerode,
  cluster: KindCluster,
  { network, configuration }: { readonly network: string; readonly configuration: string },
): Promise<readonly string[]> {
  await refuseForeign(docker, cluster, network);
  const nodes = await nodesLeft(docker, [cluster.name], network);
  if (nodes.length === 0) return neverMade;
  const reasons =
    nodes.length === cluster.nodes.length && (await allRun(docker, nodes))
      ? await whyNotClean(docker, cluster, configuration).catch((error: Error) => [error.message])
      : ['some of its nodes do not run'];
  if (reasons.length > 0)
    await Promise.all(nodes.map(({ id }) => docker.getContainer(id).remove({ force: true, v: true })));
  return reasons;
}

/** Reasons why it cannot be used as it is, after it was cleaned; none: it can. */
async function whyNotClean(
  docker: Dockerode,
  cluster: KindCluster,
  configuration: string,
): Promise<readonly string[]> {
  const place = { docker, container: controlPlaneOf(cluster) };
  const base = await readBase(place);
  if (base === null) return ['nobody has written down what was in it'];
  if (base.configuration !== configuration) return ['it was made from another configuration'];
  return clean(place, base);
}

async function refuseForeign(docker: Dockerode, { name }: KindCluster, network: string): Promise<void> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${kindLabel}=${name}`] } });
  if (found.some(({ HostConfig }) => HostConfig.NetworkMode !== network))
    throw new EnvironmentError(
      `there is a cluster ${name} that drillbook did not make; it is left alone: take another name for --reuse`,
    );
}

async function allRun(docker: Dockerode, nodes: readonly { readonly id: string }[]): Promise<boolean> {
  const states = await Promise.all(nodes.map(({ id }) => docker.getContainer(id).inspect()));
  return states.every(({ State }) => State.Running && !State.Paused);
}

/**
 * Cleans the warm clusters of a run that is over, so that nothing of it goes on. The next run looks whether they are clean, and says
 * why where they are not.
 */
export async function coolDown(docker: Dockerode, names: readonly string[], network: string): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      if ((await nodesLeft(docker, [name], network)).length === 0) return;
      const place = { docker, container: `${name}-control-plane` };
      const base = await readBase(place).catch(() => null);
      if (base !== null) await clean(place, base).catch(() => undefined);
    }),
  );
}
