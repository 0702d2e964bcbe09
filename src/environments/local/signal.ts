import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessState, SignalTarget } from '../environment.ts';
import { isAlive } from '../machine/proc.ts';
import { mainProcess } from './launch.ts';
import { instancesMeant } from './roles.ts';
import type { LocalRun } from './run.ts';
import { type RunProcess, signalAtOnce } from './run-processes.ts';

const goneWithinMs = 5000;

/** See `Running.signal`. After a SIGKILL it resolves when the processes are gone. */
export async function signalTarget(
  run: LocalRun,
  what: SignalTarget,
  signal: NodeJS.Signals | null,
): Promise<readonly ProcessState[]> {
  const instances = await instancesMeant(run, what.target);
  // The hold first: a supervisor must see it when the process ends.
  if (what.hold === true) for (const instance of instances) await run.state.set('holds', instance, '');
  const group = await groupOf(run, instances, what.scope);
  // Only a whole component grows: what its processes start belongs to it, too.
  const freshOf = what.scope === 'component' ? run.processes.childrenOf : () => [];
  if (signal !== null) signalAtOnce(group, freshOf, signal);
  if (signal === 'SIGKILL') await untilGone(group);
  if (what.release === true) for (const instance of instances) await run.state.clear('holds', instance);
  return group.map(({ pid, pidStart, instance, title, state }) => ({
    pid,
    pidStart,
    instance,
    title,
    state,
  }));
}

async function groupOf(
  run: LocalRun,
  instances: readonly string[],
  scope: SignalTarget['scope'],
): Promise<readonly RunProcess[]> {
  const leaders = await Promise.all(instances.map((instance) => mainProcess(run, instance)));
  const all = run.processes.all().filter(({ instance }) => instances.includes(instance));
  if (scope === 'component') return all;
  if (scope === 'leader') return all.filter(({ pid }) => leaders.some((main) => main?.pid === pid));
  return all.filter(({ title }) => title.includes(scope.match));
}

async function untilGone(processes: readonly ProcessState[]): Promise<void> {
  const limit = performance.now() + goneWithinMs;
  while (processes.some(({ pid, pidStart }) => isAlive(pid, pidStart)) && performance.now() < limit)
    await sleep(1);
}
