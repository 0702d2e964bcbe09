import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessState, SignalTarget } from '../environment.ts';
import { mainProcess } from './launch.ts';
import { isAlive } from './proc.ts';
import { instancesMeant } from './roles.ts';
import type { LocalRun } from './run.ts';
import { processesOfRun, type RunProcess, signalAtOnce } from './run-processes.ts';

const goneWithinMs = 5000;

/** See `Running.signal`. After a SIGKILL it resolves when the processes are gone. */
export async function signalTarget(run: LocalRun, what: SignalTarget, signal: NodeJS.Signals | null): Promise<readonly ProcessState[]> {
  const instances = await instancesMeant(run, what.target);
  // The hold first: a supervisor must see it when the process ends.
  if (what.hold === true) for (const instance of instances) await run.state.set('holds', instance, '');
  const find = await finder(run, instances, what.scope);
  const before = signal === null ? find() : signalAtOnce(find, signal);
  if (signal === 'SIGKILL') await untilGone(before);
  if (what.release === true) for (const instance of instances) await run.state.clear('holds', instance);
  return before.map(({ pid, pidStart, instance, title, state }) => ({ pid, pidStart, instance, title, state }));
}

async function finder(run: LocalRun, instances: readonly string[], scope: SignalTarget['scope']): Promise<() => readonly RunProcess[]> {
  const all = () => processesOfRun(run.layout).filter(({ instance }) => instances.includes(instance));
  if (scope === 'component') return all;
  if (scope !== 'leader') return () => all().filter(({ title }) => title.includes(scope.match));
  const leaders = await Promise.all(instances.map((instance) => mainProcess(run, instance)));
  return () => all().filter(({ pid, pidStart }) => leaders.some((main) => main?.pid === pid && main.pidStart === pidStart));
}

async function untilGone(processes: readonly ProcessState[]): Promise<void> {
  const limit = performance.now() + goneWithinMs;
  while (processes.some(({ pid, pidStart }) => isAlive(pid, pidStart)) && performance.now() < limit) await sleep(1);
}
