import type { FaultSpec } from '../definition/scenario.ts';
import type { KubernetesObject, Running, Workload } from '../environments/environment.ts';
import { podsOf } from '../environments/kubernetes/rollout.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { clusterOf, kubernetesOf, recorded } from './clusters.ts';
import { type Acting, containersOf, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { addRules, commentOf, ownRules, removeRules } from './packet-rules.ts';
import { instancesOf } from './peers.ts';

type CutOffSpec = Extract<FaultSpec, { fault: 'cut-off' }>;

/** Node → when it was started. */
type Nodes = { readonly [instance: string]: string };

/**
 * Drops the packets between the pods of a workload and what it depends on, in every node of its cluster. The addresses are those
 * of the moment: a pod that is made later has another one, and is not cut off.
 */
export const cutOff: Fault<CutOffSpec> = {
  kind: 'cut-off',

  async prepare(running, id, spec): Promise<Injection> {
    const kubernetes = kubernetesOf(running, { id, spec });
    const workload = kubernetes.workload(spec.target);
    const acting = { id, spec, instance: workload.instance };
    const own = await podAddresses(running, acting, workload);
    const peers = (await Promise.all(spec.from.map((name) => addressesOf(running, acting, name)))).flat();
    const others = [...new Set(peers)].filter((address) => !own.includes(address));
    if (own.length === 0)
      throw new FaultError(`${id}: nothing to cut off, no pod of ${spec.target} has an address`);
    if (others.length === 0)
      throw new FaultError(
        `${id}: nothing to cut ${spec.target} off from: ${spec.from.join(', ')} is itself, or runs nowhere`,
      );
    const nodes: { [instance: string]: string } = {};
    for (const node of await instancesOf(running, [workload.cluster])) {
      const { status, startedAt } = await containersOf(running, acting).state(node);
      if (status === 'running') nodes[node] = startedAt;
    }
    return {
      ...acting,
      processes: [],
      details: { own: own.join(' '), others: others.join(' '), nodes: JSON.stringify(nodes) },
    };
  },

  async inject(running, injection) {
    const wanted = wantedRules(running, injection);
    await onEachNode(running, injection, (acting) => addRules(running, acting, wanted));
  },

  async heal(running, injection) {
    await onEachNode(running, injection, (acting) => removeRules(running, acting));
  },

  /** Rules end with the life of their node, and cut off what has their addresses: superseded when none of it is left. */
  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      const rules = await onEachNode(running, injection, (acting) => ownRules(running, acting));
      if (rules.some((of) => of.length > 0)) return 'active';
      const nodes = recorded<Nodes>(injection, 'nodes');
      const states = Object.entries(nodes).map(async ([node, startedAt]) => {
        const state = await containersOf(running, injection).state(node);
        return state.startedAt === startedAt;
      });
      return (await Promise.all(states)).every(Boolean) ? 'gone' : 'superseded';
    });
  },
};

/** A stopped node has no namespace and no rules. */
async function onEachNode<T>(
  running: Running,
  { id, spec, ...injection }: Injection,
  act: (acting: Acting) => Promise<T>,
): Promise<readonly T[]> {
  const nodes = Object.keys(recorded<Nodes>({ id, spec, ...injection }, 'nodes'));
  const done = nodes.map(async (instance) => {
    const { status } = await containersOf(running, { id, spec }).state(instance);
    return status === 'exited' ? [] : [await act({ id, spec, instance })];
  });
  return (await Promise.all(done)).flat(1) as readonly T[];
}

async function podAddresses(
  running: Running,
  acting: Acting,
  workload: Workload,
): Promise<readonly string[]> {
  const cluster = clusterOf(running, { ...acting, processes: [] }, workload);
  return (await podsOf(cluster, workload)).filter(isOfPodNetwork).flatMap(({ status }) => {
    const { podIP } = (status ?? {}) as { podIP?: string };
    return podIP ?? [];
  });
}

/** A pod in the network of its node has the node's address: all of the node would be cut off. */
function isOfPodNetwork({ spec }: KubernetesObject): boolean {
  return (spec as { hostNetwork?: boolean } | undefined)?.hostNetwork !== true;
}

/** Of a workload those of its pods, of anything else those of its containers. */
async function addressesOf(running: Running, acting: Acting, name: string): Promise<readonly string[]> {
  const workload = workloadNamed(running, acting, name);
  if (workload !== null) return podAddresses(running, acting, workload);
  const instances = await instancesOf(running, [name]);
  const states = await Promise.all(
    instances.map((instance) => containersOf(running, acting).state(instance)),
  );
  return states.map(({ address }) => address);
}

function workloadNamed(running: Running, acting: Acting, name: string): Workload | null {
  try {
    return kubernetesOf(running, acting).workload(name);
  } catch {
    return null;
  }
}

/** As iptables itself writes them. */
function wantedRules(running: Running, injection: Injection): readonly string[] {
  const { direction = 'both' } = injection.spec as CutOffSpec;
  const end = `-m comment ${commentOf(running, injection)} -j DROP`;
  const addresses = (name: string) => String(injection.details?.[name] ?? '').split(' ');
  return addresses('own').flatMap((own) =>
    addresses('others').flatMap((other) => [
      ...(direction === 'in' ? [] : [`FORWARD -s ${own}/32 -d ${other}/32 ${end}`]),
      ...(direction === 'out' ? [] : [`FORWARD -s ${other}/32 -d ${own}/32 ${end}`]),
    ]),
  );
}
