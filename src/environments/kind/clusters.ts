import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import type { Layout } from '../containers/layout.ts';
import { statusCode } from '../containers/run.ts';
import { EnvironmentError, type RunSite } from '../environment.ts';
import { controlPlaneOf } from './apply.ts';
import { kind } from './command.ts';
import { mustRunOnNode, nodeKubectl } from './node-exec.ts';
import type { KindCluster, Translated } from './translate.ts';

/** kind's own label of a node's container: the cluster's name. */
export const kindLabel = 'io.x-k8s.kind.cluster';

/** What the clusters of a run are made with. */
export interface Making {
  readonly docker: Dockerode;
  readonly translated: Translated;
  readonly layout: Layout;
  readonly emit: RunSite['emit'];
  readonly abort: AbortSignal;
}

/**
 * Makes a cluster in a network that is there.
 * @throws EnvironmentError with kind's last lines; what it had made by then, kind has removed
 */
export async function createCluster(
  cluster: KindCluster,
  { translated, layout, abort }: Making,
): Promise<void> {
  const config = translated.configs.get(cluster.component);
  if (config === undefined) throw new EnvironmentError(`${cluster.component} has no configuration of kind`);
  // kind writes one in any case; the user's own must not learn of this cluster.
  const scratch = join(layout.runDir, `${cluster.component}.kind`);
  await kind(['create', 'cluster', '--name', cluster.name, '--config', '-', '--kubeconfig', scratch], {
    input: config.text(cluster.name),
    ...(layout.network !== undefined && { network: layout.network }),
    abort,
  });
  await rm(scratch, { force: true });
}

/** Sets how many processors each worker has; without a limit all that the engine has. @throws the engine's refusal */
export async function limitWorkers(docker: Dockerode, { nodes, spec }: KindCluster): Promise<void> {
  // An engine takes 0 for "leave it as it is": all that there is limits nothing.
  const { NCPU } = (await docker.info()) as { NCPU: number };
  const cpus = Math.min(spec['worker-cpus'] ?? NCPU, NCPU);
  await Promise.all(
    nodes
      .filter(({ role }) => role === 'worker')
      .map(({ container }) => docker.getContainer(container).update({ NanoCpus: Math.round(cpus * 1e9) })),
  );
}

/** Nodes that take no pods until somebody lets them. @throws EnvironmentError */
export async function cordonStandbys(docker: Dockerode, cluster: KindCluster): Promise<void> {
  const standby = cluster.nodes.filter(({ instance }) => cluster.spec.standby?.includes(instance));
  if (standby.length === 0) return;
  await mustRunOnNode(
    { docker, container: controlPlaneOf(cluster) },
    `${cluster.component}: its standby nodes could not be cordoned`,
    { argv: nodeKubectl(['cordon', ...standby.map(({ container }) => container)]) },
  );
}

/**
 * Removes the nodes of a run's clusters: what kind made under these names, and in this network, which is the run's alone.
 * Needs no kind. Idempotent.
 * @throws the engine's refusal
 */
export async function removeClusters(
  docker: Dockerode,
  names: readonly string[],
  network: string,
): Promise<void> {
  const nodes = await nodesLeft(docker, names, network);
  await Promise.all(
    nodes.map(({ id }) =>
      docker
        .getContainer(id)
        .remove({ force: true, v: true })
        .catch((error: unknown) => {
          if (statusCode(error) === null) throw error;
        }),
    ),
  );
}

export interface NodeLeft {
  readonly id: string;
  readonly name: string;
}

export async function nodesLeft(
  docker: Dockerode,
  names: readonly string[],
  network: string,
): Promise<readonly NodeLeft[]> {
  const found = await docker.listContainers({ all: true, filters: { label: [kindLabel] } });
  return (
    found
      .filter(({ Labels }) => names.includes(Labels[kindLabel] ?? ''))
      // What it was made in, also when a fault has disconnected it since.
      .filter(({ HostConfig }) => HostConfig.NetworkMode === network)
      .map(({ Id, Names }) => ({ id: Id, name: Names[0]?.slice(1) ?? Id }))
  );
}
