import { createHash } from 'node:crypto';
import type { Cluster, KubernetesObject, ObjectReference, Running } from '../environments/environment.ts';
import { faultAnnotation, faultLabel, runAnnotation } from '../environments/kubernetes/marks.ts';
import type { Injection } from './fault.ts';

/**
 * What a fault needs to undo itself and no record may have, since it can be a secret: in the cluster itself, a Secret of kube-system
 * (of a cluster that is confined to a namespace: of that one) that is named after run and fault. It is there from before the fault acts until the fault is healed.
 */
export interface Kept<T> {
  /** Null: the fault has not acted, or is healed. */
  read(): Promise<T | null>;
  /** In place of what was kept before. */
  write(value: T): Promise<void>;
  forget(): Promise<void>;
}

export function hashOf(running: Running, { id }: Pick<Injection, 'id'>): string {
  return createHash('sha256').update(`${running.record.runId}:${id}`).digest('hex').slice(0, 16);
}

/** Labels and annotations of what a fault puts into a cluster. */
export function markOf(
  running: Running,
  { id }: Pick<Injection, 'id'>,
): {
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly [name: string]: string };
} {
  return {
    labels: { [faultLabel]: hashOf(running, { id }) },
    annotations: { [runAnnotation]: running.record.runId, [faultAnnotation]: id },
  };
}

export function keptIn<T>(running: Running, injection: Injection, cluster: Cluster): Kept<T> {
  const reference: ObjectReference = {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: cluster.confinedTo ?? 'kube-system',
    name: `drillbook-${hashOf(running, injection)}`,
  };
  const get = () => cluster.get(reference);
  return {
    async read() {
      const object = await get();
      return object === null ? null : contentOf<T>(object);
    },
    async write(value) {
      const data = { kept: Buffer.from(JSON.stringify(value)).toString('base64') };
      const { apiVersion, kind, namespace = 'default', name } = reference;
      if ((await get()) !== null) await cluster.change(reference, 'merge', { data });
      else
        await cluster.create({
          apiVersion,
          kind,
          metadata: { namespace, name, ...markOf(running, injection) },
          data,
        });
    },
    forget: () => cluster.remove(reference),
  };
}

function contentOf<T>({ data }: KubernetesObject): T {
  const { kept = '' } = (data ?? {}) as { kept?: string };
  return JSON.parse(Buffer.from(kept, 'base64').toString('utf8')) as T;
}
