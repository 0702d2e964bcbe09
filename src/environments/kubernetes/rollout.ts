import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../environment.ts';
import type { Cluster, KubernetesObject, Workload } from '../only-kubernetes.ts';

const pollMs = 250;

/** What of a workload's status says how far its rollout is; fields of all three kinds. */
interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
}

/**
 * What a rollout still waits for; null when it is complete: the controller has seen the newest template, every pod that is wanted is
 * made from it and available, and none of an older one is left. The rule of "kubectl rollout status".
 */
export function whatRolloutAwaits(object: KubernetesObject | null): string | null {
  if (object === null) return 'it is not there';
  const status = (object.status ?? {}) as Status;
  if ((status.observedGeneration ?? 0) < (object.metadata.generation ?? 0))
    return 'its controller has not seen its newest state';
  if (object.kind === 'DaemonSet') {
    const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
    return counts(desiredNumberScheduled, updatedNumberScheduled, numberAvailable);
  }
  const wanted = (object.spec as { replicas?: number } | undefined)?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (replicas > updatedReplicas) return `${replicas - updatedReplicas} pods of an older template are left`;
  return counts(wanted, updatedReplicas, availableReplicas);
}

function counts(wanted: number, updated: number, available: number): string | null {
  if (updated < wanted) return `${updated} of ${wanted} pods are made`;
  return available < wanted ? `${available} of ${wanted} pods are available` : null;
}

/** @throws EnvironmentError when it is not complete in time, with what its pods wait for */
export async function untilRolledOut(
  cluster: Cluster,
  workload: Workload,
  withinMs: number,
  abort?: AbortSignal,
): Promise<void> {
  const limit = performance.now() + withinMs;
  let awaited: string | null = 'nobody has looked';
  while (abort?.aborted !== true) {
    awaited = await cluster.get(workload).then(whatRolloutAwaits, (error: Error) => error.message);
    if (awaited === null) return;
    if (performance.now() > limit) break;
    await sleep(pollMs);
  }
  if (abort?.aborted) return;
  const { kind, namespace, name } = workload;
  throw new EnvironmentError(
    `${workload.instance} (${kind} ${namespace}/${name} in ${cluster.name}) was not ready within ${withinMs / 1000}s: ${awaited}${await troubles(cluster, workload)}`,
  );
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } };
}

/** What the API knows of pods that are not ready, one line each; nothing where it cannot be asked. */
async function troubles(cluster: Cluster, workload: Workload): Promise<string> {
  try {
    const pods = await podsOf(cluster, workload);
    const lines = pods.map(troubleOf).filter((line) => line !== null);
    return lines.length === 0 ? '' : `\n${lines.join('\n')}`;
  } catch {
    return '';
  }
}

function troubleOf({ metadata, status }: KubernetesObject): string | null {
  const {
    phase,
    conditions = [],
    containerStatuses = [],
  } = (status ?? {}) as {
    phase?: string;
    conditions?: readonly { type: string; status: string; message?: string }[];
    containerStatuses?: readonly ContainerStatus[];
  };
  const unscheduled = conditions.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled !== undefined) return `pod ${metadata.name} has no node: ${unscheduled.message ?? phase}`;
  const unready = containerStatuses.filter(({ ready }) => !ready);
  if (unready.length === 0) return null;
  const said = unready.map(({ name, restartCount, state, lastState }) => {
    const waiting = state?.waiting;
    const ended = lastState?.terminated;
    const how =
      waiting === undefined
        ? 'runs and is not ready'
        : `${waiting.reason}: ${waiting.message ?? 'no reason given'}`;
    const before =
      ended === undefined ? '' : `, ended before with ${ended.reason} (exit code ${ended.exitCode})`;
    return `${name} ${how}${restartCount > 0 ? `, restarted ${restartCount} times${before}` : ''}`;
  });
  return `pod ${metadata.name}: ${said.join('; ')}`;
}

/** Its pods, by its own selector. @throws EnvironmentError */
export async function podsOf(cluster: Cluster, workload: Workload): Promise<readonly KubernetesObject[]> {
  const object = await cluster.get(workload);
  const selector = (object?.spec as { selector?: { matchLabels?: { [name: string]: string } } } | undefined)
    ?.selector?.matchLabels;
  if (selector === undefined) return [];
  const labels = Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: workload.namespace, labels });
}

/** Of a pod or a node: whether its own condition says so. */
export function isReady({ status }: KubernetesObject | { readonly status?: unknown }): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}
