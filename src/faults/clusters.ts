import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Kubernetes, ObjectReference, Running, Workload } from '../environments/environment.ts';
import { type Acting, detail } from './containers.ts';
import { FaultError, type Injection } from './fault.ts';

const pollMs = 250;

/** @throws FaultError on a platform without clusters, which a plan never has */
export function kubernetesOf(running: Running, { id, spec }: Pick<Acting, 'id' | 'spec'>): Kubernetes {
  if (running.kubernetes === undefined)
    throw new FaultError(
      `${id}: the fault "${spec.fault}" needs Kubernetes clusters; ${running.record.environment} has none, the environment "kind" has`,
    );
  return running.kubernetes;
}

/** Name of the cluster that a fault means; default the first. @throws FaultError when the platform has none of that name */
export function clusterMeant(
  running: Running,
  acting: Pick<Acting, 'id' | 'spec'>,
  name: string | undefined,
): string {
  const { clusters } = kubernetesOf(running, acting);
  const meant = name ?? clusters[0];
  if (meant === undefined || !clusters.includes(meant))
    throw new FaultError(
      `${acting.id}: the platform has no cluster "${name ?? ''}"; it has ${clusters.join(', ') || 'none'}`,
    );
  return meant;
}

/** Objects in a record, as JSON: a record's details are flat. */
export type InCluster = ObjectReference & { readonly cluster: string };

export function inCluster({ cluster, apiVersion, kind, namespace = 'default', name }: InCluster): InCluster {
  return { cluster, apiVersion, kind, namespace, name };
}

/** What `prepare` put into the details as JSON. @throws FaultError when its record has none */
export function recorded<T>(injection: Injection, name: string): T {
  return JSON.parse(detail(injection, name)) as T;
}

export function clusterOf(
  running: Running,
  injection: Injection,
  { cluster }: InCluster | Workload,
): Cluster {
  return kubernetesOf(running, injection).cluster(cluster);
}

export function objectInWords({ kind, namespace = 'default', name, cluster }: InCluster): string {
  return `${kind} ${namespace}/${name} in ${cluster}`;
}

/** Looks again and again; false when it was not so in time. */
export async function becomes(look: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const limit = performance.now() + withinMs;
  for (;;) {
    if (await look()) return true;
    if (performance.now() > limit) return false;
    await sleep(pollMs);
  }
}
