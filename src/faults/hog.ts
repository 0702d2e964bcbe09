import type { FaultSpec } from '../definition/scenario.ts';
import type { Cluster, KubernetesObject, ObjectReference, Running } from '../environments/environment.ts';
import { faultLabel } from '../environments/kubernetes/marks.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { becomes, clusterMeant, kubernetesOf } from './clusters.ts';
import { detail, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { hashOf, keptIn, markOf } from './kept.ts';

type HogSpec = Extract<FaultSpec, { fault: 'hog' }>;

const defaultImage = 'node:24-trixie-slim';
/** Below the runner's own deadline. */
const withinMs = 25_000;
/** Pods that find no room never start: that is an effect, too, and nothing to wait for. */
const startsWithinMs = 15_000;

/** Memory is filled in steps, so that a node's own measures against it have their time. */
const program = `
const { Worker } = require('node:worker_threads');
const [megabytes, cpus] = process.argv.slice(1).map(Number);
process.on('SIGTERM', () => process.exit(0));
for (let i = 0; i < cpus; i++) new Worker('for (;;);', { eval: true });
const held = [];
const fill = (left) => {
  if (left <= 0) return;
  const step = Math.min(left, 16);
  held.push(Buffer.alloc(step * 1024 * 1024, 1));
  setTimeout(fill, 20, left - step);
};
fill(megabytes);
setInterval(() => held.length, 60_000);
`;

/** Pods that take memory or processors of nodes, or reserve them; a Deployment that bears the fault's name. */
export const hog: Fault<HogSpec> = {
  kind: 'hog',

  async prepare(running, id, spec): Promise<Injection> {
    const cluster = clusterMeant(running, { id, spec }, spec.cluster);
    const api = kubernetesOf(running, { id, spec }).cluster(cluster);
    const node = spec.node === undefined ? null : await nodeNamed(api, id, spec.node);
    if ((await api.get({ apiVersion: 'v1', kind: 'Namespace', name: namespaceOf(spec) })) === null)
      throw new FaultError(`${id}: ${cluster} has no namespace "${namespaceOf(spec)}" to run in`);
    if ((await api.get(deploymentOf(id, spec))) !== null)
      throw new FaultError(
        `${id}: ${cluster} has a Deployment ${namespaceOf(spec)}/${id} already: give the fault another name`,
      );
    return { id, spec, instance: cluster, processes: [], details: { cluster, node } };
  },

  async inject(running, injection) {
    const { cluster, deployment, kept } = partsOf(running, injection);
    // Injected already: one that is not there any more was deleted by the recovery.
    if ((await kept.read()) === null) {
      await kept.write(true);
      await cluster.create(manifestOf(running, injection));
    }
    await becomes(async () => {
      const pods = await podsOfHog(running, injection);
      return pods.length > 0 && pods.every(({ status }) => phaseOf(status) !== 'Pending');
    }, startsWithinMs).then(async (started) => {
      if (!started) await refuseMissingImage(cluster, injection, deployment, running);
    });
  },

  async heal(running, injection) {
    const { cluster, deployment, kept } = partsOf(running, injection);
    if ((await kept.read()) === null) return;
    if (isOurs(running, injection, await cluster.get(deployment))) await cluster.remove(deployment);
    if (!(await becomes(async () => (await podsOfHog(running, injection)).length === 0, withinMs)))
      throw new FaultError(`${injection.id}: its pods are still there after ${withinMs / 1000} s`);
    await kept.forget();
  },

  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      const { cluster, deployment, kept } = partsOf(running, injection);
      if ((await kept.read()) === null) return 'gone';
      const now = await cluster.get(deployment);
      const replicas = (now?.spec as { replicas?: number } | undefined)?.replicas ?? 1;
      return isOurs(running, injection, now) && replicas > 0 ? 'active' : 'superseded';
    });
  },
};

function namespaceOf({ namespace = 'default' }: HogSpec): string {
  return namespace;
}

function deploymentOf(id: string, spec: HogSpec): ObjectReference {
  return { apiVersion: 'apps/v1', kind: 'Deployment', namespace: namespaceOf(spec), name: id };
}

function partsOf(running: Running, injection: Injection) {
  const cluster = kubernetesOf(running, injection).cluster(detail(injection, 'cluster'));
  return {
    cluster,
    deployment: deploymentOf(injection.id, injection.spec as HogSpec),
    kept: keptIn<true>(running, injection, cluster),
  };
}

function isOurs(running: Running, injection: Injection, object: KubernetesObject | null): boolean {
  return object?.metadata.labels?.[faultLabel] === hashOf(running, injection);
}

/** Kubernetes calls a node as its container, with the run in front of its name in the platform file. */
async function nodeNamed(cluster: Cluster, id: string, node: string): Promise<string> {
  const nodes = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
  const names = nodes.map(({ metadata }) => metadata.name);
  const found = names.find((name) => name === node || name.endsWith(`-${node}`));
  if (found !== undefined) return found;
  throw new FaultError(`${id}: ${cluster.name} has no node "${node}"; it has ${names.join(', ')}`);
}

function podsOfHog(running: Running, injection: Injection): Promise<readonly KubernetesObject[]> {
  const { cluster } = partsOf(running, injection);
  const namespace = namespaceOf(injection.spec as HogSpec);
  const labels = `${faultLabel}=${hashOf(running, injection)}`;
  return cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels });
}

function phaseOf(status: unknown): string {
  return (status as { phase?: string } | undefined)?.phase ?? 'Pending';
}

/** @throws FaultError when a node has not the image: then nothing hogs, and nothing ever will */
async function refuseMissingImage(
  cluster: Cluster,
  injection: Injection,
  { name }: ObjectReference,
  running: Running,
): Promise<void> {
  const waiting = (await podsOfHog(running, injection)).flatMap(({ status }) => {
    const { containerStatuses = [] } = (status ?? {}) as {
      containerStatuses?: readonly { state?: { waiting?: { reason?: string } } }[];
    };
    return containerStatuses.map(({ state }) => state?.waiting?.reason ?? '');
  });
  const reason = waiting.find((each) => /Image/.test(each));
  if (reason !== undefined)
    throw new FaultError(
      `${injection.id}: the pods of ${name} do not start in ${cluster.name}: ${reason}; name in "image" one with node that its nodes have, or load it by the platform file's "images"`,
    );
}

function manifestOf(running: Running, injection: Injection): KubernetesObject {
  const spec = injection.spec as HogSpec;
  const { labels, annotations } = markOf(running, injection);
  const { apiVersion, kind, name, namespace = 'default' } = deploymentOf(injection.id, spec);
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations },
    spec: {
      replicas: spec.replicas ?? 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: podSpec(spec, injection.details?.node ?? null) },
    },
  };
}

function podSpec(spec: HogSpec, node: string | number | boolean | null): object {
  const { memory = 0, cpus = 0, image = defaultImage, priority, requests, limits } = spec;
  const onNode = {
    nodeSelector: { 'kubernetes.io/hostname': node },
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
  };
  return {
    terminationGracePeriodSeconds: 1,
    ...(priority !== undefined && { priorityClassName: priority }),
    ...(node !== null && onNode),
    containers: [
      {
        name: 'hog',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '-e', program, String(memory), String(cpus)],
        resources: {
          // What is limited is reserved by default, which "inside limits" does not mean.
          requests: quantities(requests ?? (limits === undefined ? {} : { memory: 16, cpus: 0.01 })),
          ...(limits !== undefined && { limits: quantities(limits) }),
        },
      },
    ],
  };
}

function quantities({ memory, cpus }: NonNullable<HogSpec['limits']>): { readonly [name: string]: string } {
  return {
    ...(memory !== undefined && { memory: `${memory}Mi` }),
    ...(cpus !== undefined && { cpu: `${Math.round(cpus * 1000)}m` }),
  };
}
