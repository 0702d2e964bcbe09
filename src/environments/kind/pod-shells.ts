import { randomUUID } from 'node:crypto';
import type { ContainersRun } from '../containers/run.ts';
import type { Enter } from '../containers/shell-opening.ts';
import { openShells, type Shells } from '../containers/shells.ts';
import { secretsInUse } from '../containers/substitution.ts';
import { type CommandResult, EnvironmentError, type ExecOptions } from '../environment.ts';
import { podsOf } from '../kubernetes/rollout.ts';
import type { Cluster, KubernetesObject, Workload } from '../only-kubernetes.ts';

/** Who runs commands in a pod. Its texts are filled. */
export interface Operator {
  readonly user?: string;
  readonly env: { readonly [name: string]: string };
}

/** Commands of runbooks that are for the machine of a workload: in one of its pods that runs. */
export interface PodCommands {
  /** @throws EnvironmentError when none of its pods runs, or the API does not answer */
  exec(workload: Workload, cluster: Cluster, command: string, options: ExecOptions): Promise<CommandResult>;
  close(): Promise<void>;
}

export function podCommands(run: ContainersRun, operatorOf: (workload: Workload) => Operator): PodCommands {
  const places = new Map<string, Shells>();
  return {
    async exec(workload, cluster, command, options) {
      const { node, container } = await containerToEnter(cluster, workload);
      const open = () => {
        const { user, env } = operatorOf(workload);
        return openShells({
          docker: run.docker,
          containerId: node,
          enter: into(container),
          env: { LANG: 'C.UTF-8', TERM: 'dumb', DRILLBOOK_RUN_ID: run.layout.runId, ...env },
          secrets: secretsInUse(run),
          tools: {},
          ...(user !== undefined && { user }),
        });
      };
      const shells = places.get(container) ?? open();
      places.set(container, shells);
      return shells.exec(command, options);
    },
    async close() {
      await Promise.all([...places.values()].map((shells) => shells.close()));
    },
  };
}

/** By the node's container runtime: unlike "kubectl exec" it knows users, and needs no API server. */
function into(container: string): Enter {
  return (argv, env, user) => [
    ...['ctr', '-n', 'k8s.io', 'task', 'exec', '--exec-id', randomUUID()],
    ...(user === undefined ? [] : ['--user', user]),
    ...[container, 'env'],
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...argv,
  ];
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: { readonly running?: object };
}

/** The first container of the first pod that has it running. */
async function containerToEnter(
  cluster: Cluster,
  workload: Workload,
): Promise<{ readonly node: string; readonly container: string }> {
  const pods = await podsOf(cluster, workload);
  for (const pod of pods) {
    const node = (pod.spec as { nodeName?: string } | undefined)?.nodeName;
    const container = runningContainer(pod);
    if (node !== undefined && container !== null) return { node, container };
  }
  throw new EnvironmentError(
    `no command can run on ${workload.instance}: none of its ${pods.length} pods runs in ${cluster.name}`,
  );
}

function runningContainer({ spec, status }: KubernetesObject): string | null {
  const [first] = (spec as { containers?: readonly { name: string }[] } | undefined)?.containers ?? [];
  const { containerStatuses = [] } = (status ?? {}) as { containerStatuses?: readonly ContainerStatus[] };
  const found = containerStatuses.find(({ name }) => name === first?.name);
  if (found?.state?.running === undefined) return null;
  return found.containerID?.replace(/^\w+:\/\//, '') ?? null;
}
