import { heldOpenMs } from '../containers/ready.ts';
import type { ContainersRun } from '../containers/run.ts';
import { secretsInUse } from '../containers/substitution.ts';
import { EnvironmentError, type RunSite } from '../environment.ts';
import { isReady, podsOf, untilRolledOut } from '../kubernetes/rollout.ts';
import type { Cluster, Workload } from '../only-kubernetes.ts';
import { lookByTcp, untilReady } from '../ready.ts';
import { redact } from '../toolbox/redact.ts';
import { controlPlaneOf } from './apply.ts';
import { nodeKubectl, runOnNode } from './node-exec.ts';
import { processesOfWorkload } from './pods.ts';
import type { KindCluster } from './translate.ts';

const shownLogLines = 20;
const reachedWithinMs = 20_000;

export interface Place {
  readonly run: ContainersRun;
  readonly cluster: Cluster;
  readonly kindCluster: KindCluster;
  /** Journals what became of its pods. */
  readonly emit: RunSite['emit'];
}

/**
 * Waits until a workload's rollout is complete, and journals the main process of each of its pods.
 * @throws EnvironmentError with what its pods wait for and the ends of their logs
 */
export async function waitForWorkload(
  { run, cluster, kindCluster, emit }: Place,
  workload: Workload,
  withinMs: number,
  abort: AbortSignal,
): Promise<void> {
  try {
    await untilRolledOut(cluster, workload, withinMs, abort);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new EnvironmentError(
      `${error.message}${await endsOfLogs({ run, cluster, kindCluster }, workload)}`,
      {
        cause: error,
      },
    );
  }
  if (abort.aborted) return;
  await untilReached(run, workload, abort);
  for (const process of await processesOfWorkload(run.docker, cluster, workload, 'leader'))
    await emit({
      type: 'component.started',
      component: workload.component,
      instance: workload.instance,
      pid: process.pid,
      pidStart: process.pidStart,
      address: `${workload.cluster}, node ${process.node}`,
    });
}

/**
 * The load balancer before it has seen it, too: clients come that way. One that nobody comes to has none.
 * @throws EnvironmentError when it leads nowhere: the service has another port at the nodes, or no such pods
 */
async function untilReached(run: ContainersRun, workload: Workload, abort: AbortSignal): Promise<void> {
  const layout = run.layout.components.find(({ component }) => component === workload.component);
  const instance = layout?.instances.find((each) => each.instance === workload.instance);
  if (instance === undefined) return;
  for (const [documented, port] of Object.entries(instance.ports)) {
    const endpoint = { address: instance.hostAddress, port };
    const observed = await untilReady(() => lookByTcp(endpoint, heldOpenMs), reachedWithinMs, abort);
    if (observed !== null && !abort.aborted)
      throw new EnvironmentError(
        `${workload.instance} runs in ${workload.cluster}, and its load balancer does not reach its port ${documented}: ${observed}; compare "node-ports" in the platform file with its service`,
      );
  }
}

/** Of pods that are not ready; of a container that was started again, what it wrote before. */
async function endsOfLogs(
  { run, cluster, kindCluster }: Omit<Place, 'emit'>,
  workload: Workload,
): Promise<string> {
  const pods = await podsOf(cluster, workload).catch(() => []);
  const place = { docker: run.docker, container: controlPlaneOf(kindCluster) };
  const ends = await Promise.all(
    pods
      .filter((pod) => !isReady(pod))
      .map(async ({ metadata: { name } }) => {
        const logs = async (...more: readonly string[]) => {
          const argv = nodeKubectl([
            ...['logs', '-n', workload.namespace, name, '--all-containers', `--tail=${shownLogLines}`],
            ...more,
          ]);
          const result = await runOnNode(place, { argv, timeoutMs: 10_000 }).catch(() => null);
          return result?.exitCode === 0 ? result.stdout.trim() : '';
        };
        const text = (await logs()) || (await logs('--previous'));
        return text === '' ? '' : `\nthe log of pod ${name} ends:\n${redact(text, secretsInUse(run))}`;
      }),
  );
  return ends.join('');
}
