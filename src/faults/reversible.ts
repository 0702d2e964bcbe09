import type { Json, JsonObject } from '../definition/merge-patch.ts';
import type { Cluster, KubernetesObject, Running, Workload } from '../environments/environment.ts';
import { isReady, podsOf } from '../environments/kubernetes/rollout.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { clusterOf, type InCluster } from './clusters.ts';
import type { Injection } from './fault.ts';
import { type Kept, keptIn } from './kept.ts';
import { asStored, hasValues, wayBackOf } from './patched-fields.ts';

/** A change of one object that can be taken back. */
export interface Change {
  readonly object: InCluster;
  readonly how: 'strategic' | 'merge';
  readonly patch: JsonObject;
  /** Whose pods are started anew for the change to count. */
  readonly restart: Workload | null;
}

interface Before {
  /** A merge patch. */
  readonly back: JsonObject;
  /** The fault's own values, as the API server has them; null until it has answered. */
  readonly changed: Json;
}

/** What the fields of a change were is kept in the cluster, never in a record. */
export async function makeChange(running: Running, injection: Injection, change: Change): Promise<void> {
  const { object, how, patch, restart } = change;
  const cluster = clusterOf(running, injection, object);
  const kept = keptOf(running, injection, cluster);
  // Injected already: what it has now must not be kept as what it had.
  if ((await kept.read())?.changed != null) return;
  const before = (await kept.read()) ?? {
    back: wayBackOf(fields(await cluster.get(object)), patch),
    changed: null,
  };
  await kept.write(before);
  const changed = await cluster.change(object, how, patch);
  await kept.write({ ...before, changed: asStored(fields(changed), patch) });
  if (restart !== null) await startAnew(running, injection, restart, 'injected');
}

/** What somebody has changed since stays: then the recovery has replaced it. */
export async function takeBack(running: Running, injection: Injection, change: Change): Promise<void> {
  const { object, restart } = change;
  const cluster = clusterOf(running, injection, object);
  const kept = keptOf(running, injection, cluster);
  const before = await kept.read();
  if (before === null) return;
  if (hasValues(fields(await cluster.get(object)), before.changed ?? change.patch)) {
    await cluster.change(object, 'merge', before.back);
    if (object.kind === 'StatefulSet') await removeStuckPods(cluster, object);
    if (restart !== null) await startAnew(running, injection, restart, 'healed');
  }
  await kept.forget();
}

export async function statusOfChange(
  running: Running,
  injection: Injection,
  change: Change,
): Promise<FaultStatus> {
  const cluster = clusterOf(running, injection, change.object);
  const before = await keptOf(running, injection, cluster).read();
  if (before === null) return 'gone';
  const now = fields(await cluster.get(change.object));
  return hasValues(now, before.changed ?? change.patch) ? 'active' : 'superseded';
}

function keptOf(running: Running, injection: Injection, cluster: Cluster): Kept<Before> {
  return keptIn<Before>(running, injection, cluster);
}

export function fields(object: KubernetesObject | null): Json | undefined {
  return object === null ? undefined : (object as unknown as Json);
}

/** As "kubectl rollout restart" does. The same words twice start nothing anew. */
export async function startAnew(
  running: Running,
  injection: Injection,
  workload: Workload,
  when: 'injected' | 'healed',
): Promise<void> {
  const annotations = { 'drillbook/restarted-for': `${running.record.runId} ${injection.id} ${when}` };
  await clusterOf(running, injection, workload).change(workload, 'merge', {
    spec: { template: { metadata: { annotations } } },
  });
}

/** A StatefulSet waits for ever for a pod of a bad template, also when the template is good again. */
async function removeStuckPods(cluster: Cluster, object: InCluster): Promise<void> {
  const workload = { namespace: 'default', ...object, component: '', instance: '' };
  const stuck = (await podsOf(cluster, workload)).filter((pod) => !isReady(pod));
  for (const { metadata } of stuck)
    await cluster.remove({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: workload.namespace,
      name: metadata.name,
    });
}
