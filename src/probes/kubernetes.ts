import { type ApiConnections, ApiUnreachable, apiConnections } from '../clients/kubernetes.ts';
import type { ProbeSpec } from '../definition/observing.ts';
import type { KubernetesObject, Workload } from '../environments/environment.ts';
import { isReady, whatRolloutAwaits } from '../environments/kubernetes/rollout.ts';
import { type Observation, type Probe, ProbeError, type ProbeTarget } from './probe.ts';

type KubernetesProbeSpec = Extract<ProbeSpec, { kind: 'kubernetes' }>;

/** Where workloads are in the API. */
const plurals: { readonly [kind: string]: string } = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
};
const ofWorkload: ReadonlySet<string> = new Set(['ready', 'unavailable', 'restarts', 'waiting']);
const longestDetail = 200;

/** A container that is just being made waits for no trouble. */
const notTrouble = ['ContainerCreating', 'PodInitializing'];

/**
 * Asks the API of a cluster, over connections that stay, as controllers do: its keys are in memory only.
 * Of a workload it is ok when all the pods that are wanted are up to date and available, so that a rollout that hangs is none,
 * with `of: waiting` and `of: restarts`, too; of a cluster when all nodes are ready, or no pod is pending.
 * @throws ProbeError without a cluster, or when what is asked is not of what is named
 */
export function createKubernetesProbe({ name, kubernetes }: ProbeTarget, spec: KubernetesProbeSpec): Probe {
  if (kubernetes === undefined)
    throw new ProbeError(`probe ${name} asks a Kubernetes cluster, but this environment gave it none`);
  const { access, workload } = kubernetes;
  if (ofWorkload.has(spec.of) !== (workload !== null))
    throw new ProbeError(
      workload === null
        ? `probe ${name}: "of: ${spec.of}" is of a workload: name one`
        : `probe ${name}: "of: ${spec.of}" is of a cluster: take "workload" out, and name the "cluster"`,
    );
  const connections = apiConnections(access);
  const look = workload === null ? clusterLook(spec) : workloadLook(spec, workload);
  return {
    async observe(_slot, abort) {
      try {
        return await look((path) => ask(connections, path, abort));
      } catch (error) {
        if (error instanceof NoAnswer) return { ok: false, detail: error.message };
        throw error;
      }
    },
    async close() {
      connections.close();
    },
  };
}

type Ask = (path: string) => Promise<unknown>;
type Look = (ask: Ask) => Promise<Observation>;

/** The API server did not answer what was asked; its message is short and stable. */
class NoAnswer extends Error {}

async function ask(connections: ApiConnections, path: string, abort: AbortSignal): Promise<unknown> {
  if (abort.aborted) throw new NoAnswer('timeout');
  const { status, body } = await connections.ask({ method: 'GET', path }, abort).catch((error: unknown) => {
    throw error instanceof ApiUnreachable ? new NoAnswer(error.code) : error;
  });
  if (status !== 200) throw new NoAnswer(`HTTP ${status}`);
  return body;
}

function workloadLook({ of, waiting }: KubernetesProbeSpec, workload: Workload): Look {
  const { apiVersion, kind, name } = workload;
  const namespace = encodeURIComponent(workload.namespace);
  const path = `/apis/${apiVersion}/namespaces/${namespace}/${plurals[kind]}/${encodeURIComponent(name)}`;
  return async (asked) => {
    const object = (await asked(path)) as KubernetesObject;
    const awaited = whatRolloutAwaits(object);
    const counts = countsOf(object);
    if (of === 'ready') return observation(counts.ready, awaited);
    if (of === 'unavailable') return observation(Math.max(0, counts.wanted - counts.available), awaited);
    const selector = labelsOf(object);
    const query = new URLSearchParams({ labelSelector: selector });
    const { items } = (await asked(`/api/v1/namespaces/${namespace}/pods?${query}`)) as ListOfPods;
    const containers = items.flatMap(({ status }) => status?.containerStatuses ?? []);
    if (of === 'restarts')
      return observation(
        containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
        awaited,
      );
    const reasons = containers.flatMap(({ state }) => state?.waiting?.reason ?? []);
    const meant = reasons.filter((reason) =>
      waiting === undefined ? !notTrouble.includes(reason) : isReason(reason, waiting),
    );
    return observation(meant.length, awaited);
  };
}

function clusterLook({ of }: KubernetesProbeSpec): Look {
  if (of === 'nodes-ready')
    return async (asked) => {
      const { items } = (await asked('/api/v1/nodes')) as ListOfPods;
      const ready = items.filter(isReady).length;
      const missing = items.length - ready;
      return observation(ready, missing === 0 ? null : `${missing} of ${items.length} nodes are not ready`);
    };
  return async (asked) => {
    const query = new URLSearchParams({ fieldSelector: 'status.phase=Pending' });
    const { items } = (await asked(`/api/v1/pods?${query}`)) as ListOfPods;
    return observation(items.length, items.length === 0 ? null : `${items.length} pods are pending`);
  };
}

interface PodStatus {
  readonly containerStatuses?: readonly {
    readonly restartCount: number;
    readonly state?: { readonly waiting?: { readonly reason?: string } };
  }[];
}

interface ListOfPods {
  readonly items: readonly { readonly status?: PodStatus }[];
}

function observation(value: number, trouble: string | null): Observation {
  return {
    ok: trouble === null,
    value,
    ...(trouble !== null && { detail: trouble.slice(0, longestDetail) }),
  };
}

/** The kubelet says by turns that it failed to pull an image and that it waits before it tries again. */
function isReason(reason: string, wanted: string): boolean {
  const pulling = ['ImagePullBackOff', 'ErrImagePull'];
  return reason === wanted || (pulling.includes(reason) && pulling.includes(wanted));
}

interface Counts {
  readonly wanted: number;
  readonly ready: number;
  readonly available: number;
}

function countsOf({ kind, spec, status }: KubernetesObject): Counts {
  const is = (status ?? {}) as { readonly [name: string]: number | undefined };
  if (kind === 'DaemonSet')
    return {
      wanted: is.desiredNumberScheduled ?? 0,
      ready: is.numberReady ?? 0,
      available: is.numberAvailable ?? 0,
    };
  const wanted = (spec as { replicas?: number } | undefined)?.replicas ?? 1;
  return { wanted, ready: is.readyReplicas ?? 0, available: is.availableReplicas ?? 0 };
}

function labelsOf({ spec }: KubernetesObject): string {
  const { selector } = (spec ?? {}) as { selector?: { matchLabels?: { readonly [name: string]: string } } };
  return Object.entries(selector?.matchLabels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
