import { EnvironmentError, type EnvironmentRecord, type Running, type StartMode } from '../environment.ts';
import { openToolbox, type Toolbox } from '../toolbox/toolbox.ts';
import type { ClusterLayout } from './layout.ts';
import { clusterOf } from './postgresql/cluster.ts';
import { setMember } from './postgresql/part.ts';
import { instancesMeant, meaningOf, resolveAddress } from './roles.ts';
import type { LocalRun } from './run.ts';
import { signalTarget } from './signal.ts';
import { filler, secretsInUse } from './substitution.ts';
import type { Supervisor } from './supervisor.ts';

export interface RunningParts {
  readonly run: LocalRun;
  readonly record: EnvironmentRecord;
  readonly supervisor: Supervisor;
  readonly toolbox: Toolbox;
}

export function runningOf({ run, record, supervisor, toolbox }: RunningParts): Running {
  return {
    record,
    hosts: run.layout.hosts,
    toolbox: { argv: toolbox.argv, env: toolbox.environment, cwd: toolbox.cwd },
    address: (role) => resolveAddress(run, role),
    exec: (command, options) => toolbox.exec(command, options),
    signal: (target, signal) => signalTarget(run, target, signal),
    start: (instance, mode) => start(run, supervisor, instance, mode),
  };
}

/** The toolbox that the run's commands and `exec` probes share. */
export function toolboxOf(run: LocalRun): Promise<Toolbox> {
  const { platform, runDir, runId, account, hosts } = run.layout;
  return openToolbox({
    runDir,
    runId,
    baseDir: platform.baseDir,
    account,
    hosts,
    tools: platform.tools ?? {},
    fill: filler(run, 'tools'),
    secrets: secretsInUse(run),
    env: { DRILLBOOK_CONTROL: run.paths.control },
  });
}

async function start(run: LocalRun, supervisor: Supervisor, target: string, mode: StartMode): Promise<void> {
  const meaning = meaningOf(run, target);
  const instances = await instancesMeant(run, target);
  if (meaning.kind !== 'process') {
    for (const instance of instances) await startMemberAs(run, meaning.cluster, instance, mode);
  } else if (mode === 'isolated') {
    throw new EnvironmentError(`${target} cannot be started in isolation: only databases can`);
  } else if (mode !== 'stop') {
    for (const instance of instances) await supervisor.start(meaning.component, instance);
  }
}

/** Evidence may be read of what a fault holds: that brings nothing back for clients. */
async function startMemberAs(run: LocalRun, cluster: ClusterLayout, instance: string, mode: StartMode): Promise<void> {
  const held = (await run.state.get('holds', instance)) !== null;
  if (held && (mode === 'normal' || mode === 'rejoin')) throw new EnvironmentError(`${instance} is not started: a fault holds it until it is healed`);
  await setMember(clusterOf(run, cluster), instance, mode);
}
