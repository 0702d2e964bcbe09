import { EnvironmentError, type EnvironmentRecord, type ProcessState, type Running } from '../environment.ts';
import { accessOf } from '../kubernetes/access.ts';
import { forcePodsOff, hold } from '../kubernetes/hold.ts';
import { podsOf } from '../kubernetes/rollout.ts';
import { startWorkload } from '../kubernetes/start.ts';
import { workloadMeant } from '../kubernetes/workloads.ts';
import type { LocalRun } from '../local/run.ts';
import type { ToolboxAccess } from '../local/running.ts';
import { filler } from '../local/substitution.ts';
import type { Cluster, Kubernetes, KubernetesObject, Workload } from '../only-kubernetes.ts';
import { nothing } from '../toolbox/result.ts';
import { endpointOf, type KnownContext, workloadsOf } from './known.ts';

export interface RunningParts {
  readonly run: LocalRun;
  readonly record: EnvironmentRecord;
  readonly known: KnownContext;
  readonly cluster: Cluster;
  /** Of the one context. */
  readonly kubeconfig: string;
  readonly toolbox: ToolboxAccess;
}

/** A platform that is there already: nothing of it was made, and all that is done to it goes through its API. */
export function runningOf(parts: RunningParts): Running {
  const { run, record, known, cluster, toolbox } = parts;
  const kubernetes = kubernetesOf(parts);
  const { platform } = known;
  return {
    record,
    kubernetes,
    hosts: run.layout.hosts,
    fill: filler(run, 'headers', ownValues(known)),
    get toolbox() {
      return toolbox.entrance();
    },
    async address(role) {
      const { component, instance } = kubernetes.workload(role);
      const { host, port } = endpointOf(platform, component) ?? { host: '', port: 0 };
      return {
        ...{ role, component, instance, name: instance, host, port },
        why: 'the platform file says so',
      };
    },
    async exec(command, options) {
      if (options.on === undefined) return toolbox.exec(command, options);
      const reason = `it is to run on ${options.on}, and no command is run in pods of an existing cluster in this version: a correction can say "kubectl exec"`;
      return { ...nothing, notRun: { why: 'not-contained', reason } };
    },
    async signal(what, signal) {
      const workload = kubernetes.workload(what.target);
      const pods = (await runningPods(cluster, workload)).filter(inScope(what.scope));
      if (what.hold === true) {
        if (signal !== 'SIGKILL') throw unsent(workload, signal);
        await run.state.set('holds', workload.instance, '');
        await hold(cluster, workload);
        await forcePodsOff(cluster, workload);
      } else if (signal !== null && pods.length > 0) throw unsent(workload, signal);
      if (what.release === true) await run.state.clear('holds', workload.instance);
      return pods;
    },
    async start(target, mode) {
      const workload = kubernetes.workload(target);
      await startWorkload({ cluster, state: run.state, isDatabase: false }, workload, mode);
    },
  };
}

/** `${NAME}`, `${NAME.address}` and `${NAME.port}` of those that clients reach. */
export function ownValues({ platform }: KnownContext): { readonly [name: string]: string } {
  return Object.fromEntries(
    workloadsOf({ platform, component: '', namespace: '' }).flatMap(({ component, instance }) => {
      const endpoint = endpointOf(platform, component);
      if (endpoint === null) return [];
      return [...new Set([component, instance])].flatMap((name) => [
        [name, endpoint.host],
        [`${name}.address`, endpoint.host],
        [`${name}.port`, String(endpoint.port)],
      ]);
    }),
  );
}

function kubernetesOf({ known, cluster, kubeconfig }: RunningParts): Kubernetes {
  const { component, platform } = known;
  const workloads = workloadsOf(known);
  const refuseOther = (name: string): void => {
    if (name !== component)
      throw new EnvironmentError(`the platform has no cluster "${name}"; it has ${component}`);
  };
  return {
    clusters: [component],
    cluster(name) {
      refuseOther(name);
      return cluster;
    },
    async access(name) {
      refuseOther(name);
      return accessOf(name, kubeconfig);
    },
    workload: (target) => workloadMeant(workloads, platform.roles ?? {}, target),
  };
}

/** A pod as the main process of its container, which is the first of its own namespace: the API knows no others. */
async function runningPods(cluster: Cluster, workload: Workload): Promise<readonly ProcessState[]> {
  const pods = await podsOf(cluster, workload);
  return pods.filter(isRunning).map(({ metadata: { uid = '', name } }) => ({
    pid: 1,
    pidStart: uid,
    instance: workload.instance,
    title: name,
    state: 'running',
  }));
}

function isRunning({ metadata, status }: KubernetesObject): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status as { phase?: string } | undefined)?.phase === 'Running'
  );
}

function inScope(scope: Parameters<Running['signal']>[0]['scope']) {
  return ({ title }: ProcessState) => typeof scope === 'string' || title.includes(scope.match);
}

function unsent({ instance }: Workload, signal: string | null): EnvironmentError {
  return new EnvironmentError(
    `${instance}: an existing cluster is asked by its API, which sends no ${signal ?? 'signal'} and knows a kill only that holds: take the fault "delete-pods", or "kill" with "restart: held"`,
  );
}
