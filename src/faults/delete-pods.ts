import type { FaultSpec } from '../definition/scenario.ts';
import type { KubernetesObject, ObjectReference, Running, Workload } from '../environments/environment.ts';
import { isReady, podsOf } from '../environments/kubernetes/rollout.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { becomes, clusterOf, kubernetesOf, recorded } from './clusters.ts';
import { statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';

type DeletePodsSpec = Extract<FaultSpec, { fault: 'delete-pods' }>;

interface PodMeant {
  readonly name: string;
  readonly uid: string;
}

/** Below the runner's own deadline for a heal. */
const replacedWithinMs = 25_000;

/** Deletes pods of a workload, those that the API names first; its controller makes others in their place. */
export const deletePods: Fault<DeletePodsSpec> = {
  kind: 'delete-pods',

  async prepare(running, id, spec): Promise<Injection> {
    const workload = kubernetesOf(running, { id, spec }).workload(spec.target);
    const injection = { id, spec, instance: workload.instance, processes: [] };
    const there = (await podsOf(clusterOf(running, injection, workload), workload)).filter(isStaying);
    if (there.length === 0)
      throw new FaultError(`${id}: nothing to delete, ${spec.target} (${workload.instance}) has no pods`);
    const pods = there
      .map(({ metadata }): PodMeant => ({ name: metadata.name, uid: metadata.uid ?? '' }))
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .slice(0, spec.count ?? there.length);
    return {
      ...injection,
      details: { workload: JSON.stringify(workload), pods: JSON.stringify(pods) },
    };
  },

  /** A pod of the same name that has another uid is a replacement already. */
  async inject(running, injection) {
    const { grace } = injection.spec as DeletePodsSpec;
    const workload = recorded<Workload>(injection, 'workload');
    const cluster = clusterOf(running, injection, workload);
    const options = grace === undefined ? {} : { graceSeconds: Math.round(grace / 1000) };
    await Promise.all(
      recorded<readonly PodMeant[]>(injection, 'pods').map(async ({ name, uid }) => {
        const reference = podReference(workload, name);
        const now = await cluster.get(reference);
        if (now?.metadata.uid === uid && isStaying(now)) await cluster.remove(reference, options);
      }),
    );
  },

  /** There is nothing to release: it waits for what the controller does. */
  async heal(running, injection) {
    await becomes(async () => (await look(running, injection)) !== 'active', replacedWithinMs);
  },

  status(running, injection): Promise<FaultStatus> {
    return statusBy(() => look(running, injection));
  },
};

function podReference({ namespace }: Workload, name: string): ObjectReference {
  return { apiVersion: 'v1', kind: 'Pod', namespace, name };
}

function isStaying({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

/** Gone once none of the deleted pods is left and as many are ready as are wanted now. */
async function look(running: Running, injection: Injection): Promise<FaultStatus> {
  const workload = recorded<Workload>(injection, 'workload');
  const meant = recorded<readonly PodMeant[]>(injection, 'pods');
  const cluster = clusterOf(running, injection, workload);
  const object = await cluster.get(workload);
  if (object === null) return 'superseded';
  const pods = await podsOf(cluster, workload);
  const left = pods.filter(({ metadata }) => meant.some(({ uid }) => uid === metadata.uid));
  if (left.some((pod) => !isStaying(pod))) return 'active';
  // None of them was deleted, or not yet.
  if (left.length === meant.length) return 'gone';
  const ready = pods.filter((pod) => isStaying(pod) && isReady(pod)).length;
  return ready < wantedOf(object) ? 'active' : 'gone';
}

function wantedOf({ kind, spec, status }: KubernetesObject): number {
  if (kind === 'DaemonSet')
    return (status as { desiredNumberScheduled?: number } | undefined)?.desiredNumberScheduled ?? 0;
  return (spec as { replicas?: number } | undefined)?.replicas ?? 1;
}
