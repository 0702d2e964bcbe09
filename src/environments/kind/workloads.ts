import type { ContainersRun } from '../containers/run.ts';
import { EnvironmentError, type ProcessState, type SignalTarget, type StartMode } from '../environment.ts';
import type { Kubernetes, Workload } from '../only-kubernetes.ts';
import { forcePodsOff, hold, letRun } from './hold.ts';
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

/** See `Running.start`. */
export async function startWorkload(
  { run, kubernetes }: WorkloadsOf,
  workload: Workload,
  mode: StartMode,
  isDatabase: boolean,
): Promise<void> {
  const cluster = kubernetes.cluster(workload.cluster);
  const { instance } = workload;
  if (mode === 'stop') {
    await run.state.set('holds', instance, '');
    await hold(cluster, workload);
    await forcePodsOff(cluster, workload);
    return;
  }
  if (mode === 'isolated' || mode === 'returned')
    throw new EnvironmentError(
      isDatabase
        ? `${instance} is a workload: what it holds cannot be read apart from its cluster in this version`
        : `${instance} cannot be started apart from its component: only databases can`,
    );
  if ((await run.state.get('holds', instance)) !== null)
    throw new EnvironmentError(`${instance} is not started: a fault holds it until it is healed`);
  if (await run.state.isClosed())
    throw new EnvironmentError(`${instance} is not started: the run is being taken down`);
  await letRun(cluster, workload);
}
