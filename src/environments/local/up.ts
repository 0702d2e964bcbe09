import { join } from 'node:path';
import type { Platform } from '../../definition/platform.ts';
import { type Control, openControl } from '../control/server.ts';
import { EnvironmentError, type EnvironmentRecord, type Running, type RunSite } from '../environment.ts';
import type { Held } from '../held.ts';
import { claimNetwork, type Loopback, type Network } from '../machine/network.ts';
import type { Exec } from '../ready.ts';
import { newSeed } from '../secrets.ts';
import type { Toolbox } from '../toolbox/toolbox.ts';
import { canReach, giveTo, unprivilegedAccount } from './account.ts';
import { type Starting, startComponents } from './components.ts';
import { controlledProcesses } from './controlled.ts';
import { componentsOf, endpointsOf, hostsOf, type Layout, listenersOf, runFolderName } from './layout.ts';
import { postgresqlBinaries } from './postgresql/binaries.ts';
import { localRun } from './run.ts';
import { baseForRuns, createRunFolder } from './run-folder.ts';
import { openedToolbox, runningOf, toolboxIn } from './running.ts';
import { supervise } from './supervisor.ts';

/**
 * Makes a platform and waits until all of it is ready. `held` gets what `down` must let go of, as soon as there is any.
 * @throws EnvironmentError; what was started by then still runs
 */
export async function bringUp(
  platform: Platform,
  site: RunSite,
  loopback: Loopback,
  held: (held: Held) => void,
): Promise<Running> {
  const network = await claimNetwork(listenersOf(platform), loopback);
  const owned: { network: Network; toolbox?: Toolbox; control?: Control } = { network };
  held({ release: () => releaseAll(owned) });
  const layout = await planLayout(platform, site, network);
  const record = recordOf(layout);
  await site.emit({ type: 'environment', record });
  const seed = newSeed();
  await createRunFolder(layout, seed);
  const hasCluster = layout.components.some(({ kind }) => kind === 'postgresql');
  const run = localRun({
    layout,
    seed,
    binaries: hasCluster ? await postgresqlBinaries() : null,
    emit: site.emit,
  });
  const supervisor = supervise(run);
  let opening: Promise<Toolbox>;
  const exec: Exec = async (command, options) => (await opening).exec(command, options);
  const starting: Starting = { run, supervisor, exec };
  owned.control = await openControl(controlledProcesses(starting), run.paths.control, 0o600);
  await giveTo(layout.account, run.paths.control);
  // Both take a while and need nothing of each other; only a ready check by command waits for the toolbox.
  opening = toolboxIn(layout.runDir, run).then((toolbox) => {
    owned.toolbox = toolbox;
    return toolbox;
  });
  const [toolbox] = await bothAtRest(opening, startComponents(starting));
  return runningOf({ run, record, supervisor, toolbox: openedToolbox(toolbox) });
}

/** Both have come to rest before the first failure is thrown: what they made can then be taken down. */
async function bothAtRest<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

async function releaseAll({
  network,
  toolbox,
  control,
}: {
  network: Network;
  toolbox?: Toolbox;
  control?: Control;
}): Promise<void> {
  await Promise.allSettled([toolbox?.close(), control?.close(), network.release()]);
}

async function planLayout(
  platform: Platform,
  site: RunSite,
  { loopback, endpoints }: Network,
): Promise<Layout> {
  const account = await unprivilegedAccount();
  // The platform's programs may lie where only root can go, as in a checkout in root's home. They are the operator's own, so they
  // then run as the operator; databases and commands of runbooks never do.
  const reachable =
    (await canReach(account, platform.baseDir)) && (await canReach(account, process.execPath));
  const components = componentsOf(platform, endpoints, reachable ? account : null);
  refuseTwins(listenersOf(platform).map(({ instance }) => instance));
  const runDir = join(await baseForRuns(account), runFolderName(site.runId));
  return {
    runId: site.runId,
    runDir,
    reportDir: site.reportDir,
    platform,
    loopback,
    account,
    components,
    hosts: hostsOf(components),
  };
}

/** @throws EnvironmentError when two things have one name: roles, logs and data go by it */
function refuseTwins(names: readonly string[]): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined)
    throw new EnvironmentError(`the platform has two components or members called "${twin}": rename one`);
}

function recordOf({ runId, runDir, reportDir, loopback, components }: Layout): EnvironmentRecord {
  const endpoints = components.flatMap(endpointsOf);
  return {
    environment: 'local',
    runId,
    runDir,
    details: {
      reportDir,
      loopback,
      endpoints: endpoints.map(({ address, port }) => `${address}:${port}`).join(' '),
    },
  };
}
