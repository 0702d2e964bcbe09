import { join } from 'node:path';
import type { Platform } from '../../definition/platform.ts';
import { isWorkload } from '../../definition/platform-names.ts';
import { EnvironmentError, type EnvironmentRecord, type Running } from '../environment.ts';
import type { Held, Way } from '../held.ts';
import { untilRolledOut } from '../kubernetes/rollout.ts';
import { unprivilegedAccount } from '../local/account.ts';
import { type Layout, runFolderName } from '../local/layout.ts';
import { localRun } from '../local/run.ts';
import { baseForRuns, createRunFolder, readRunFolder } from '../local/run-folder.ts';
import { lazyToolbox, openedToolbox, toolboxIn } from '../local/running.ts';
import type { Cluster } from '../only-kubernetes.ts';
import { newSeed } from '../secrets.ts';
import { allAtRest } from '../start-order.ts';
import {
  hostsOf,
  type KnownContext,
  keepContext,
  knownFrom,
  loginOf,
  lookUp,
  recordOf,
  sameCluster,
  workloadsOf,
} from './known.ts';
import type { ExistingContext } from './kubeconfig.ts';
import { leftOfFaults } from './leftovers.ts';
import { endsOfLogs } from './logs.ts';
import { contextOf, refusePlatform } from './refusal.ts';
import { runningOf } from './running.ts';
import { toolboxFor } from './toolbox.ts';

const readyWithinMs = 60_000;

/**
 * Makes nothing in the cluster: only the folder and the toolbox of the run, once the cluster is proved to be the one that was allowed,
 * to be free of faults, and to be ready.
 * @throws TargetRefusedError, EnvironmentError
 */
export async function bringUp(...[platform, site, loopback, held]: Parameters<Way['up']>): Promise<Running> {
  await refusePlatform(platform, site.confirmed ?? []);
  const existing = await contextOf(platform);
  const { known, cluster } = await lookUp(platform, existing);
  await refuseOpenFaults(cluster, known);
  const account = await unprivilegedAccount();
  const runDir = join(await baseForRuns(account), runFolderName(site.runId));
  const record = recordOf(known, site, runDir);
  await site.emit({ type: 'environment', record });
  await makeFolder(record, existing, { loopback, account });
  await waitForWorkloads(cluster, known, existing.kubeconfig);
  return withToolbox(record, known, { existing, cluster, held });
}

/** Of another run: breaking more would hide what has to be healed. */
async function refuseOpenFaults(cluster: Cluster, known: KnownContext): Promise<void> {
  const left = await leftOfFaults(cluster, known.namespace, workloadsOf(known));
  if (left.length === 0) return;
  const words = left.map(({ what, runId }) => `${what}${runId === null ? '' : `, run ${runId}`}`);
  throw new EnvironmentError(
    `faults of another run are still in ${known.context}: ${words.join('; ')}; "drillbook heal" heals them from the journal of that run`,
  );
}

type Machine = Pick<Layout, 'loopback' | 'account'>;

/** A run of processes on this machine that has none: its folder is the toolbox's. */
async function makeFolder(
  { runId, runDir, details }: EnvironmentRecord,
  existing: ExistingContext,
  machine: Machine,
): Promise<void> {
  const platform = JSON.parse(String(details.platform)) as Platform;
  const layout: Layout = {
    ...{ runId, runDir, platform, ...machine },
    reportDir: String(details.reportDir),
    components: [],
    hosts: hostsOf(platform),
  };
  await createRunFolder(layout, newSeed());
  await keepContext(runDir, existing);
}

async function waitForWorkloads(cluster: Cluster, known: KnownContext, kubeconfig: string): Promise<void> {
  await allAtRest(
    workloadsOf(known).map(async (workload) => {
      const spec = known.platform.components[workload.component];
      const withinMs = (spec !== undefined && isWorkload(spec) ? spec.within : undefined) ?? readyWithinMs;
      await untilRolledOut(cluster, workload, withinMs).catch(async (error: unknown) => {
        if (!(error instanceof EnvironmentError)) throw error;
        const ends = await endsOfLogs(cluster, workload, kubeconfig);
        throw new EnvironmentError(`${error.message}${ends}`, { cause: error });
      });
    }),
  );
}

async function withToolbox(
  record: EnvironmentRecord,
  known: KnownContext,
  {
    existing,
    cluster,
    held,
  }: {
    readonly existing: ExistingContext;
    readonly cluster: Cluster;
    readonly held: (held: Held) => void;
  },
): Promise<Running> {
  const folder = await folderOf(record);
  const run = localRun({ ...folder, binaries: null });
  const more = await toolboxFor(known.platform, existing, run.layout.hosts);
  const toolbox = await toolboxIn(record.runDir, run, more);
  held({ release: () => toolbox.close() });
  const { kubeconfig } = existing;
  return runningOf({ run, record, known, cluster, kubeconfig, toolbox: openedToolbox(toolbox) });
}

async function folderOf(record: EnvironmentRecord) {
  const folder = await readRunFolder(record.runDir);
  if (folder === null)
    throw new EnvironmentError(`the folder ${record.runDir} of run ${record.runId} cannot be read`);
  return folder;
}

/**
 * Also without the folder of the run, as after a restart of the machine: what faults did is still there, so that the record alone has to do.
 * @throws EnvironmentError when the context leads elsewhere now, the namespace is another one, or the API does not answer
 */
export async function attach(record: EnvironmentRecord): Promise<Running> {
  const cluster = await sameCluster(record);
  const existing = await loginOf(record);
  const known = knownFrom(record);
  if ((await readRunFolder(record.runDir)) === null)
    await makeFolder(record, existing, { loopback: 'shared', account: await unprivilegedAccount() });
  const run = localRun({ ...(await folderOf(record)), binaries: null });
  const toolbox = lazyToolbox(run, () => toolboxFor(known.platform, existing, run.layout.hosts));
  return runningOf({ run, record, known, cluster, kubeconfig: existing.kubeconfig, toolbox });
}
