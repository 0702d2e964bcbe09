import type { FaultSpec } from '../definition/scenario.ts';
import type { ProcessState, Running, SignalTarget } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { sameProcess, targetInstance } from './target.ts';

type PauseSpec = Extract<FaultSpec, { fault: 'pause' }>;

/** Stops processes where they stand (SIGSTOP): connections stay open and nothing answers. Healed by SIGCONT. */
export const pause: Fault<PauseSpec> = {
  kind: 'pause',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const processes = await running.signal(signalTarget(instance, spec), null);
    if (processes.length === 0) {
      const which = spec.processes === undefined ? '' : ` whose title contains "${spec.processes}"`;
      throw new FaultError(`${id}: nothing to pause, ${spec.target} (${instance}) has no process${which}`);
    }
    return { id, spec, instance, processes: processes.map(({ pid, pidStart }) => ({ pid, pidStart })) };
  },

  async inject(running, { instance, spec }) {
    await running.signal(signalTarget(instance, spec as PauseSpec), 'SIGSTOP');
  },

  async heal(running, { instance, spec }) {
    await running.signal(signalTarget(instance, spec as PauseSpec), 'SIGCONT');
  },

  /** Killed while paused (or replaced by others): nothing is left to release, the fault is superseded. */
  async status(running, injection): Promise<FaultStatus> {
    const paused = await survivors(running, injection);
    if (paused.length === 0) return 'superseded';
    return paused.some(({ state }) => state === 'stopped') ? 'active' : 'gone';
  },
};

async function survivors(running: Running, injection: Injection): Promise<readonly ProcessState[]> {
  const target = signalTarget(injection.instance, injection.spec as PauseSpec);
  return (await running.signal(target, null)).filter((process) => sameProcess(injection, process));
}

function signalTarget(instance: string, spec: PauseSpec): SignalTarget {
  return {
    target: instance,
    scope: spec.processes === undefined ? (spec.scope ?? 'component') : { match: spec.processes },
  };
}
