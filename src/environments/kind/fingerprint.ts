import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../only-kubernetes.ts';
import { mustRunOnNode, nodeKubectl, type OnNode, readOnNode } from './node-exec.ts';

/** What is in a cluster: one line an object, `KIND NAMESPACE/NAME HASH`, sorted. */
export type Fingerprint = readonly string[];

/** Where the cluster itself keeps what was in it when it was made. */
export const baseNamespace = 'kube-system';
export const baseName = 'drillbook-base';

/** Kinds that come and go by themselves, are made from others, or say nothing of what somebody put into a cluster. */
const volatileKinds = new Set([
  ...['componentstatuses', 'events', 'events.events.k8s.io', 'endpoints', 'endpointslices.discovery.k8s.io'],
  ...[
    'leases.coordination.k8s.io',
    'pods',
    'replicasets.apps',
    'controllerrevisions.apps',
    'csinodes.storage.k8s.io',
  ],
  ...['nodes.metrics.k8s.io', 'pods.metrics.k8s.io', 'certificatesigningrequests.certificates.k8s.io'],
]);
const listWithinMs = 60_000;
/** Not in a file system in memory, which the engine does not read. */
const listFile = '/var/lib/drillbook-objects.json';

/** Every object that a person or a program has put there. @throws EnvironmentError */
export async function objectsIn(controlPlane: OnNode): Promise<readonly KubernetesObject[]> {
  const kinds = await mustRunOnNode(controlPlane, 'asking a cluster for its kinds of objects', {
    argv: nodeKubectl(['api-resources', '--verbs=list,delete', '--output=name']),
  });
  const listed = kinds.split('\n').filter((kind) => kind !== '' && !volatileKinds.has(kind));
  // What a program writes is kept in part only, so it goes by way of a file.
  await mustRunOnNode(controlPlane, 'listing what is in a cluster', {
    argv: ['bash', '-c', '"$@" > "$0"', listFile, ...nodeKubectl(listOf(listed))],
    timeoutMs: listWithinMs,
  });
  const { items } = JSON.parse(await readOnNode(controlPlane, listFile)) as {
    items: readonly KubernetesObject[];
  };
  return items.filter(isKept);
}

function listOf(kinds: readonly string[]): readonly string[] {
  return ['get', kinds.join(','), '--all-namespaces', '--output=json'];
}

/** Tokens by which nodes have joined expire, and what is signed with them changes. */
function isKept({ kind, metadata: { namespace, name }, ...rest }: KubernetesObject): boolean {
  if (kind === 'Secret') return rest.type !== 'bootstrap.kubernetes.io/token';
  if (kind !== 'ConfigMap') return true;
  return !(namespace === 'kube-public' && name === 'cluster-info') && name !== baseName;
}

export function fingerprintOf(objects: readonly KubernetesObject[]): Fingerprint {
  return objects.map((object) => `${identity(object)} ${hashOf(object)}`).sort();
}

export function identity({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Of what somebody wants it to be: not of what a controller reports, nor of who changed it when. */
function hashOf({ status: _, metadata, ...wanted }: KubernetesObject): string {
  const { labels = {} } = metadata;
  return createHash('sha256')
    .update(JSON.stringify(sorted({ labels, wanted })))
    .digest('hex')
    .slice(0, 16);
}

function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (data === null || typeof data !== 'object') return data;
  const entries = Object.entries(data).map(([key, value]) => [key, sorted(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** In words: what is too many, missing or changed. */
export function differences(base: Fingerprint, now: Fingerprint): readonly string[] {
  const [before, after] = [byIdentity(base), byIdentity(now)];
  return [
    ...[...after.keys()].filter((key) => !before.has(key)).map((key) => `${key} is new`),
    ...[...before.keys()].filter((key) => !after.has(key)).map((key) => `${key} is gone`),
    ...[...after]
      .filter(([key, hash]) => before.has(key) && before.get(key) !== hash)
      .map(([key]) => `${key} is changed`),
  ];
}

function byIdentity(fingerprint: Fingerprint): ReadonlyMap<string, string> {
  return new Map(
    fingerprint.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
