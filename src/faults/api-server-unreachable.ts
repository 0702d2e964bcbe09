import type { FaultSpec } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import { clusterMeant } from './clusters.ts';
import { runningState } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { addRules, commentOf, healRules, statusOfRules } from './packet-rules.ts';
import { instancesOf } from './peers.ts';

type UnreachableSpec = Extract<FaultSpec, { fault: 'api-server-unreachable' }>;

const apiPort = 6443;

/**
 * Drops the packets to the API server of a cluster, from everybody but its own node: clients, drillbook, the other nodes and the
 * pods. What runs in the cluster runs on. Neither the fault nor its end needs the API.
 */
export const apiServerUnreachable: Fault<UnreachableSpec> = {
  kind: 'api-server-unreachable',

  async prepare(running, id, spec): Promise<Injection> {
    const cluster = clusterMeant(running, { id, spec }, spec.cluster);
    const instance = await controlPlaneOf(running, id, cluster);
    const { startedAt } = await runningState(running, { id, spec, instance });
    return { id, spec, instance, processes: [], details: { startedAt } };
  },

  async inject(running, injection) {
    await addRules(running, injection, [
      `INPUT ! -i lo -p tcp -m tcp --dport ${apiPort} -m comment ${commentOf(running, injection)} -j DROP`,
    ]);
  },

  heal: healRules,
  status: statusOfRules,
};

async function controlPlaneOf(running: Running, id: string, cluster: string): Promise<string> {
  const nodes = await instancesOf(running, [cluster]);
  const found = nodes.find((node) => node.endsWith('-control-plane'));
  if (found !== undefined) return found;
  throw new FaultError(
    `${id}: no node of ${cluster} is its control plane: ${nodes.join(', ') || 'none runs'}`,
  );
}
