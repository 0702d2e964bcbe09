import type { ContainersRun } from '../containers/run.ts';
import type { ProcessState, SignalTarget } from '../environment.ts';
import { forcePodsOff, hold } from '../kubernetes/hold.ts';
import type { Kubernetes, Workload } from '../only-kubernetes.ts';
import { processesOfWorkload, signalProcesses } from './pods.ts';

export interface WorkloadsOf {
  readonly run: ContainersRun;
  readonly kubernetes: Kubernetes;
}

/** See `Running.signal`: processes of a workload's pods. */
export async function signalWorkload(
  { run, kubernetes }: WorkloadsOf,
  workload: Workload,
  what: SignalTarget,
  signal: NodeJS.Signals | null,
): Promise<readonly ProcessState[]> {
  const cluster = kubernetes.cluster(workload.cluster);
  const processes = await processesOfWorkload(run.docker, cluster, workload, what.scope);
  if (what.hold === true) {
    await run.state.set('holds', workload.instance, '');
    await hold(cluster, workload);
  }
  if (signal !== null) await signalProcesses(run.docker, processes, signal);
  if (what.hold === true) await forcePodsOff(cluster, workload);
  if (what.release === true) await run.state.clear('holds', workload.instance);
  return processes.map(({ pid, pidStart, instance, title, state }) => ({
    pid,
    pidStart,
    instance,
    title,
    state,
  }));
}
