import type { JsonObject } from '../definition/merge-patch.ts';
import type { FaultSpec } from '../definition/scenario.ts';
import type { Cluster, KubernetesObject, Running, Workload } from '../environments/environment.ts';
import { podsOf, whatRolloutAwaits } from '../environments/kubernetes/rollout.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { becomes, clusterMeant, clusterOf, inCluster, kubernetesOf, recorded } from './clusters.ts';
import { detail, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { type Change, makeChange, statusOfChange, takeBack } from './reversible.ts';

type DnsSpec = Extract<FaultSpec, { fault: 'cluster-dns' }>;

/** Below the runner's own deadline for a heal. */
const countsWithinMs = 25_000;

/** Takes the name server of a cluster's pods away, or makes it deny names. */
export const clusterDns: Fault<DnsSpec> = {
  kind: 'cluster-dns',

  async prepare(running, id, spec): Promise<Injection> {
    const cluster = clusterMeant(running, { id, spec }, spec.cluster);
    const coredns = corednsOf(cluster);
    const api = kubernetesOf(running, { id, spec }).cluster(cluster);
    const server = await api.get(coredns);
    if (server === null || replicasOf(server) === 0)
      throw new FaultError(`${id}: nothing to break, no Deployment kube-system/coredns runs in ${cluster}`);
    const injection: Injection = { id, spec, instance: cluster, processes: [] };
    const config = spec.how === 'gone' ? null : await deniedIn(api, injection);
    return { ...injection, details: { cluster, patch: JSON.stringify(patchOf(config)) } };
  },

  async inject(running, injection) {
    const change = changeOf(running, injection);
    await makeChange(running, injection, change);
    await untilItCounts(running, injection);
  },

  async heal(running, injection) {
    await takeBack(running, injection, changeOf(running, injection));
    await untilItCounts(running, injection);
  },

  status(running, injection): Promise<FaultStatus> {
    return statusBy(() => statusOfChange(running, injection, changeOf(running, injection)));
  },
};

function corednsOf(cluster: string): Workload {
  const where = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' };
  return { ...where, cluster, component: cluster, instance: 'coredns' };
}

function replicasOf({ spec }: KubernetesObject): number {
  return (spec as { replicas?: number } | undefined)?.replicas ?? 1;
}

function patchOf(corefile: string | null): JsonObject {
  return corefile === null ? { spec: { replicas: 0 } } : { data: { Corefile: corefile } };
}

function changeOf(_running: Running, injection: Injection): Change {
  const coredns = corednsOf(detail(injection, 'cluster'));
  const patch = recorded<JsonObject>(injection, 'patch');
  if ((injection.spec as DnsSpec).how === 'gone')
    return { object: inCluster(coredns), how: 'merge', patch, restart: null };
  const { cluster, namespace, name } = coredns;
  const config = inCluster({ cluster, apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
  // CoreDNS would read it anew by itself, but only after the kubelet has brought it, a minute later.
  return { object: config, how: 'merge', patch, restart: coredns };
}

/** The Corefile with a block that denies names, in the server of all names. */
async function deniedIn(api: Cluster, { id, spec }: Injection): Promise<string> {
  const { name = 'cluster.local' } = spec as DnsSpec;
  const config = await api.get({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'kube-system',
    name: 'coredns',
  });
  const { Corefile: corefile = '' } = (config?.data ?? {}) as { Corefile?: string };
  const denied = corefile.replace(
    /^(\.(?::53)?[ \t]*\{[ \t]*\n)/m,
    (start) => `${start}    template ANY ANY ${name} {\n        rcode NXDOMAIN\n    }\n`,
  );
  if (denied === corefile)
    throw new FaultError(
      `${id}: the Corefile of ${api.name} has no server ".:53", so nothing can be denied in it; see ConfigMap kube-system/coredns`,
    );
  return denied;
}

/** Pods that end still answer for a while, and new ones begin with an old configuration at worst: only those that are wanted are left then. */
async function untilItCounts(running: Running, injection: Injection): Promise<void> {
  const coredns = corednsOf(detail(injection, 'cluster'));
  const cluster = clusterOf(running, injection, coredns);
  await becomes(async () => {
    const object = await cluster.get(coredns);
    if (object === null || whatRolloutAwaits(object) !== null) return object === null;
    return (await podsOf(cluster, coredns)).length === replicasOf(object);
  }, countsWithinMs);
}
