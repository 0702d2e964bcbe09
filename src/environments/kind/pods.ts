import type Dockerode from 'dockerode';
import type { ProcessState, SignalTarget } from '../environment.ts';
import { podsOf } from '../kubernetes/rollout.ts';
import type { Cluster, KubernetesObject, Workload } from '../only-kubernetes.ts';
import { mustRunOnNode } from './node-exec.ts';

/**
 * Lists processes of pods on a node, whatever their images have: those whose control group has a pod's uid. Arguments: uids.
 * The first process of a pod only holds its namespaces, and is none of the workload's.
 */
const lister = `
for group in /proc/[0-9]*/cgroup; do
  folder=\${group%/cgroup}
  text=$(cat "$group" 2>/dev/null) || continue
  for uid in "$@"; do
    case $text in *"pod$uid"*|*"pod\${uid//-/_}"*) ;; *) continue ;; esac
    stat=$(cat "$folder/stat" 2>/dev/null) || break
    rest=\${stat##*) }
    set -f; fields=($rest); set +f
    [ "\${fields[0]}" != Z ] || break
    title=$(tr '\\0\\n' '  ' <"$folder/cmdline" 2>/dev/null)
    case $title in /pause*) break ;; esac
    printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "\${folder#/proc/}" "\${fields[19]}" "\${fields[0]}" "$uid" "$title"
    break
  done
done
`;

export interface PodProcess extends ProcessState {
  /** Container of the node that it runs on. */
  readonly node: string;
}

/** Processes of a workload's pods that run, on whatever nodes. @throws EnvironmentError when the API or a node does not answer */
export async function processesOfWorkload(
  docker: Dockerode,
  cluster: Cluster,
  workload: Workload,
  scope: SignalTarget['scope'],
): Promise<readonly PodProcess[]> {
  const pods = await podsOf(cluster, workload);
  const byNode = Map.groupBy(pods.filter(hasNode), nodeOf);
  const lists = [...byNode].map(async ([node, of]) => {
    const uids = of.map(({ metadata }) => metadata.uid ?? '');
    const listed = await mustRunOnNode(
      { docker, container: node },
      `listing the processes of pods on ${node}`,
      {
        argv: ['bash', '-c', lister, 'lister', ...uids],
      },
    );
    return inScope(parse(listed, node, workload.instance), scope);
  });
  return (await Promise.all(lists)).flat().toSorted((a, b) => a.pid - b.pid);
}

interface Listed extends PodProcess {
  readonly pod: string;
}

function parse(text: string, node: string, instance: string): readonly Listed[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [pid = '', pidStart = '', state = '', pod = '', ...title] = line.split('\t');
      return {
        pid: Number(pid),
        pidStart,
        instance,
        title: title.join(' ').trim(),
        state: state === 'T' ? ('stopped' as const) : ('running' as const),
        node,
        pod,
      };
    });
}

/** The main process of a pod is the one that started first. */
function inScope(all: readonly Listed[], scope: SignalTarget['scope']): readonly PodProcess[] {
  if (scope === 'component') return all;
  if (scope !== 'leader') return all.filter(({ title }) => title.includes(scope.match));
  const first = Map.groupBy(all, ({ pod }) => pod);
  return [...first.values()].flatMap((of) =>
    of.toSorted((a, b) => Number(a.pidStart) - Number(b.pidStart)).slice(0, 1),
  );
}

/** Sends a signal to processes that were listed. One that has ended takes no notice. */
export async function signalProcesses(
  docker: Dockerode,
  processes: readonly PodProcess[],
  signal: NodeJS.Signals,
): Promise<void> {
  const byNode = Map.groupBy(processes, ({ node }) => node);
  await Promise.all(
    [...byNode].map(([node, of]) =>
      mustRunOnNode({ docker, container: node }, `sending ${signal} on ${node}`, {
        argv: [
          'bash',
          '-c',
          'kill -s "$@" 2>/dev/null; true',
          'kill',
          signal.slice('SIG'.length),
          ...of.map(({ pid }) => String(pid)),
        ],
      }),
    ),
  );
}

function hasNode(pod: KubernetesObject): boolean {
  return nodeOf(pod) !== '';
}

function nodeOf({ spec }: KubernetesObject): string {
  return (spec as { nodeName?: string } | undefined)?.nodeName ?? '';
}
