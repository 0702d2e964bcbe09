import type { EnvironmentRecord } from '../environment.ts';
import { endProcesses, takeDown as takeDownHere } from '../local/down.ts';
import { knownFrom, sameCluster, workloadsOf } from './known.ts';
import { leftOfFaults } from './leftovers.ts';

/**
 * Ends the toolbox and removes the run's folder. The platform stays, as it was there before, and so do faults that nobody healed: they are
 * returned, and the folder stays with the login that heals them.
 * @throws EnvironmentError when nobody can see whether there are any
 */
export async function takeDown(record: EnvironmentRecord): Promise<readonly string[]> {
  const processes = await endProcesses(record);
  const faults = await leftInCluster(record);
  if (faults.length === 0) return takeDownHere(record);
  return [...processes, ...faults, `the folder ${record.runDir}, with the login that "drillbook heal" needs`];
}

async function leftInCluster(record: EnvironmentRecord): Promise<readonly string[]> {
  const known = knownFrom(record);
  const left = await leftOfFaults(await sameCluster(record), known.namespace, workloadsOf(known));
  return left
    .filter(({ runId }) => runId === null || runId === record.runId)
    .map(({ what }) => `${what}, in ${known.context}`);
}
