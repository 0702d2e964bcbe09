import { EnvironmentError } from '../environment.ts';
import type { Cluster, Workload } from '../only-kubernetes.ts';
import { podsOf, untilRolledOut } from './rollout.ts';

/** On a workload that a fault or a stage holds down: how many replicas it had. */
export const heldAnnotation = 'drillbook.io/held-replicas';
const backWithinMs = 120_000;

/** From now on nobody starts it: it is wanted in no copy. Its pods are told to end; whoever wants them dead kills them. @throws EnvironmentError */
export async function hold(cluster: Cluster, workload: Workload): Promise<void> {
  const object = await cluster.get(workload);
  if (object === null)
    throw new EnvironmentError(`${workload.instance} is not in ${cluster.name} (any more)`);
  if (object.kind === 'DaemonSet')
    throw new EnvironmentError(`${workload.instance} is a DaemonSet, which nobody can hold: name its node`);
  if (object.metadata.annotations?.[heldAnnotation] !== undefined) return;
  const replicas = (object.spec as { replicas?: number } | undefined)?.replicas ?? 1;
  await cluster.change(workload, 'merge', {
    metadata: { annotations: { [heldAnnotation]: String(replicas) } },
    spec: { replicas: 0 },
  });
}

/** A pod that is forced off leaves its node at once. */
export async function forcePodsOff(cluster: Cluster, workload: Workload): Promise<void> {
  const pods = await podsOf(cluster, workload);
  await Promise.all(
    pods.map(({ metadata }) =>
      cluster.remove(
        { apiVersion: 'v1', kind: 'Pod', namespace: workload.namespace, name: metadata.name },
        { graceSeconds: 0 },
      ),
    ),
  );
}

/** Lets it run again as before it was held, and waits for it. One that is not held, or that somebody has scaled up since, is left as it is. @throws EnvironmentError when it does not come back */
export async function letRun(cluster: Cluster, workload: Workload): Promise<void> {
  const object = await cluster.get(workload);
  const held = object?.metadata.annotations?.[heldAnnotation];
  const replicas = (object?.spec as { replicas?: number } | undefined)?.replicas;
  if (held !== undefined)
    await cluster.change(workload, 'merge', {
      metadata: { annotations: { [heldAnnotation]: null } },
      ...(replicas === 0 && { spec: { replicas: Number(held) } }),
    });
  await untilRolledOut(cluster, workload, backWithinMs);
}
