import { EnvironmentError, type StartMode } from '../environment.ts';
import type { Facts } from '../facts.ts';
import type { Cluster, Workload } from '../only-kubernetes.ts';
import { forcePodsOff, hold, letRun } from './hold.ts';

export interface StartedIn {
  readonly cluster: Cluster;
  /** Of the run: which workloads a fault or a stage holds. */
  readonly state: Pick<Facts<'holds'>, 'get' | 'set' | 'isClosed'>;
  readonly isDatabase: boolean;
}

/** See `Running.start`. */
export async function startWorkload(
  { cluster, state, isDatabase }: StartedIn,
  workload: Workload,
  mode: StartMode,
): Promise<void> {
  const { instance } = workload;
  if (mode === 'stop') {
    await state.set('holds', instance, '');
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
  if ((await state.get('holds', instance)) !== null)
    throw new EnvironmentError(`${instance} is not started: a fault holds it until it is healed`);
  if (await state.isClosed())
    throw new EnvironmentError(`${instance} is not started: the run is being taken down`);
  await letRun(cluster, workload);
}
