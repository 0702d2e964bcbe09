import type { FaultSpec } from '../definition/scenario.ts';
import type { Cluster, KubernetesObject, Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import {
  becomes,
  clusterMeant,
  clusterOf,
  type InCluster,
  inCluster,
  objectInWords,
  recorded,
} from './clusters.ts';
import { detail, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { keptIn } from './kept.ts';

type DeleteSpec = Extract<FaultSpec, { fault: 'delete-object' }>;

/** Below the runner's own deadline, so that the message is this one. */
const goneWithinMs = 20_000;

/** Annotations by which a claim is bound to its volume: a new claim gets a new volume. */
const ofBinding = ['pv.kubernetes.io/', 'volume.kubernetes.io/', 'volume.beta.kubernetes.io/'];

/** Deletes an object of a cluster: a Secret, a configuration, the claim of a volume with all its data. */
export const deleteObject: Fault<DeleteSpec> = {
  kind: 'delete-object',

  async prepare(running, id, spec): Promise<Injection> {
    const cluster = clusterMeant(running, { id, spec }, spec.object.cluster);
    const object = inCluster({ ...spec.object, cluster } as InCluster);
    const injection = { id, spec, instance: cluster, processes: [] };
    const now = await clusterOf(running, injection, object).get(object);
    if (now === null) throw new FaultError(`${id}: nothing to delete, there is no ${objectInWords(object)}`);
    return { ...injection, details: { object: JSON.stringify(object), uid: now.metadata.uid ?? '' } };
  },

  async inject(running, injection) {
    const { object, cluster, kept } = partsOf(running, injection);
    const uid = detail(injection, 'uid');
    const now = await cluster.get(object);
    if (now?.metadata.uid !== uid) return;
    await kept.write(asNew(now));
    await cluster.remove(object);
    if (object.kind === 'PersistentVolumeClaim') await removeUsers(cluster, object);
    const gone = async () => (await cluster.get(object))?.metadata.uid !== uid;
    if (!(await becomes(gone, goneWithinMs)))
      throw new FaultError(
        `${injection.id}: ${objectInWords(object)} is still being deleted after ${goneWithinMs / 1000} s: something has a finalizer on it`,
      );
  },

  /** One that somebody has made since is theirs. */
  async heal(running, injection) {
    const { object, cluster, kept } = partsOf(running, injection);
    const before = await kept.read();
    if (before === null) return;
    if ((await cluster.get(object)) === null) await cluster.create(before);
    await kept.forget();
  },

  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      const { object, cluster, kept } = partsOf(running, injection);
      if ((await kept.read()) === null) return 'gone';
      const now = await cluster.get(object);
      if (now === null || now.metadata.deletionTimestamp !== undefined) return 'active';
      return now.metadata.uid === detail(injection, 'uid') ? 'gone' : 'superseded';
    });
  },
};

function partsOf(running: Running, injection: Injection) {
  const object = recorded<InCluster>(injection, 'object');
  const cluster = clusterOf(running, injection, object);
  return { object, cluster, kept: keptIn<KubernetesObject>(running, injection, cluster) };
}

/** A claim lives as long as pods use it. */
async function removeUsers(cluster: Cluster, { namespace = 'default', name }: InCluster): Promise<void> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  const users = pods.filter(({ spec }) => claimsOf(spec).includes(name));
  for (const { metadata } of users)
    await cluster.remove(
      { apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name },
      { graceSeconds: 0 },
    );
}

function claimsOf(spec: unknown): readonly string[] {
  const { volumes = [] } = (spec ?? {}) as {
    volumes?: readonly { persistentVolumeClaim?: { claimName: string } }[];
  };
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** An object as somebody would write it who makes it anew: without what the cluster has added. */
function asNew({ apiVersion, kind, metadata, status: _, ...rest }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations = {} } = metadata;
  const own = Object.entries(annotations).filter(
    ([key]) => !ofBinding.some((start) => key.startsWith(start)),
  );
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
      ...(own.length > 0 && { annotations: Object.fromEntries(own) }),
    },
    ...rest,
    ...(kind === 'PersistentVolumeClaim' && { spec: { ...(rest.spec as object), volumeName: undefined } }),
  };
}
