import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform } from '../../definition/platform.ts';
import { EnvironmentError, type EnvironmentRecord, type Running, type StartMode } from '../environment.ts';
import { openToolbox, type Toolbox } from '../toolbox/toolbox.ts';
import { type Starting, startInstance } from './components.ts';
import type { ClusterLayout, ProcessLayout } from './layout.ts';
import { clusterOf } from './postgresql/cluster.ts';
import { setMember } from './postgresql/part.ts';
import { stopForGood } from './restart.ts';
import { instancesMeant, meaningOf, resolveAddress } from './roles.ts';
import { type LocalRun, wantedReplicas } from './run.ts';
import { signalTarget } from './signal.ts';
import { filler, secretsInUse, toolboxValues } from './substitution.ts';
import type { Supervisor } from './supervisor.ts';

export interface RunningParts {
  readonly run: LocalRun;
  readonly record: EnvironmentRecord;
  readonly supervisor: Supervisor;
  readonly toolbox: ToolboxAccess;
}

/** The toolbox of this process: open from the start in the run's own, opened by the first command in others. */
export interface ToolboxAccess {
  readonly exec: Toolbox['exec'];
  /** @throws EnvironmentError before it is open */
  entrance(): Running['toolbox'];
}

export function runningOf(parts: RunningParts): Running {
  const { run, record, toolbox } = parts;
  return {
    record,
    hosts: run.layout.hosts,
    fill: filler(run, 'headers'),
    get toolbox() {
      return toolbox.entrance();
    },
    address: (role) => resolveAddress(run, role),
    exec: toolbox.exec,
    signal: (target, signal) => signalTarget(run, target, signal),
    start: (instance, mode) => start(parts, instance, mode),
  };
}

/** What a toolbox has beside that of the platform file; its names are in place of the run's. */
export interface ToolboxMore {
  readonly tools: NonNullable<Platform['tools']>;
  readonly secrets: readonly string[];
  /** Host names → addresses, never names. */
  readonly hosts: { readonly [name: string]: string };
}

/** @param folder an empty one for it, in the run's */
export function toolboxIn(folder: string, run: LocalRun, more?: ToolboxMore): Promise<Toolbox> {
  const { platform, runId, account, hosts } = run.layout;
  return openToolbox({
    runDir: folder,
    runId,
    baseDir: platform.baseDir,
    account,
    hosts: more?.hosts ?? hosts,
    tools: { ...platform.tools, ...more?.tools },
    fill: (text, home) => filler(run, 'tools', toolboxValues(home))(text),
    secrets: [...secretsInUse(run), ...(more?.secrets ?? [])],
    env: { DRILLBOOK_CONTROL: run.paths.control },
  });
}

export function openedToolbox(toolbox: Toolbox): ToolboxAccess {
  const { argv, environment, cwd } = toolbox;
  // A stand-in that a probe calls must not be taken for one of the command that ends next.
  const env = { ...environment, DRILLBOOK_CALLS: '/dev/null' };
  return { exec: (command, options) => toolbox.exec(command, options), entrance: () => ({ argv, env, cwd }) };
}

/**
 * For processes that attach to a run, most of which only heal: what they never use must not keep them from that. Their toolbox has a folder of
 * its own, for the run's own process may still use the other one.
 */
export function lazyToolbox(run: LocalRun, more?: () => Promise<ToolboxMore>): ToolboxAccess {
  let opened: Promise<Toolbox> | null = null;
  const open = async () =>
    toolboxIn(await mkdtemp(join(run.layout.runDir, 'attached-')).then(openToAll), run, await more?.());
  return {
    async exec(command, options) {
      opened ??= open();
      return (await opened).exec(command, options);
    },
    entrance() {
      throw new EnvironmentError(
        'probes run in the process that brought the platform up, not in one that is attached to it',
      );
    },
  };
}

async function openToAll(folder: string): Promise<string> {
  await chmod(folder, 0o711);
  return folder;
}

async function start(
  { run, supervisor, toolbox }: RunningParts,
  target: string,
  mode: StartMode,
): Promise<void> {
  const meaning = meaningOf(run, target);
  const instances = await instancesMeant(run, target);
  if (meaning.kind !== 'process') {
    for (const instance of instances) await startMemberAs(run, meaning.cluster, instance, mode);
    return;
  }
  const { component } = meaning;
  if (mode === 'isolated' || mode === 'returned')
    throw new EnvironmentError(`${target} cannot be started apart from its component: only databases can`);
  if (mode === 'stop') return stopForGood(run, component);
  for (const instance of instances) {
    if (component.replicas === 0)
      await startBeyond({ run, supervisor, exec: toolbox.exec }, component, instance);
    else await supervisor.start(component, instance);
  }
}

/** One that the platform file does not start: from now on it is counted, so that whatever means the component means it, too. */
async function startBeyond(starting: Starting, component: ProcessLayout, instance: string): Promise<void> {
  const { run } = starting;
  const ordinal =
    instance === component.component ? 1 : Number(instance.slice(component.component.length + 1));
  const replicas = Math.max(ordinal, await wantedReplicas(run, component));
  await run.state.set('replicas', component.component, String(replicas));
  await startInstance(starting, component, instance);
}

/** Evidence may be read of what a fault holds: that brings nothing back for clients. */
async function startMemberAs(
  run: LocalRun,
  cluster: ClusterLayout,
  instance: string,
  mode: StartMode,
): Promise<void> {
  const held = (await run.state.get('holds', instance)) !== null;
  if (held && mode !== 'isolated' && mode !== 'stop')
    throw new EnvironmentError(`${instance} is not started: a fault holds it until it is healed`);
  await setMember(clusterOf(run, cluster), instance, mode);
}
