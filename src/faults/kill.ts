import type { FaultSpec } from '../definition/scenario.ts';
import { type Running, type SignalTarget, SupersededError } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { sameProcess, targetInstance } from './target.ts';

type KillSpec = Extract<FaultSpec, { fault: 'kill' }>;

/** Ends a component's processes with a signal; `held` keeps anybody from starting it again until the fault is healed. */
export const kill: Fault<KillSpec> = {
  kind: 'kill',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const processes = await running.signal({ target: instance, scope: scopeOf(spec) }, null);
    if (processes.length === 0) {
      const which = spec.processes === undefined ? '' : ` whose title contains "${spec.processes}"`;
      throw new FaultError(
        `${id}: nothing to kill, ${spec.target} (${instance}) has no process${which}; look at its log in the report folder`,
      );
    }
    return { id, spec, instance, processes: processes.map(({ pid, pidStart }) => ({ pid, pidStart })) };
  },

  async inject(running, { spec, instance }) {
    const { signal = 'SIGKILL', restart } = spec as KillSpec;
    const target = { target: instance, scope: scopeOf(spec as KillSpec), hold: restart === 'held' };
    await running.signal(target, signal);
  },

  async heal(running, injection) {
    const { instance } = injection;
    await running.signal({ target: instance, scope: 'component', release: true }, null);
    if ((await supersededBy(running, injection)) !== null) return;
    try {
      await running.start(instance, 'normal');
    } catch (error) {
      // The environment knows best who holds the part now; its refusal is the outcome that status() reports.
      if (!(error instanceof SupersededError)) throw error;
    }
  },

  /** Of processes that were named, only those of that name count: the component may live on without them. */
  async status(running, injection): Promise<FaultStatus> {
    const { processes } = injection.spec as KillSpec;
    const scope = processes === undefined ? 'component' : { match: processes };
    const alive = await running.signal({ target: injection.instance, scope }, null);
    const spared = alive.filter((process) => sameProcess(injection, process));
    // All of them live: it was never set off, as when the harness died between preparing and injecting it.
    if (spared.length > 0) return spared.length === injection.processes.length ? 'gone' : 'unknown';
    if (alive.length > 0) return 'gone';
    return (await supersededBy(running, injection)) === null ? 'active' : 'superseded';
  },
};

function scopeOf({ scope = 'component', processes }: KillSpec): SignalTarget['scope'] {
  return processes === undefined ? scope : { match: processes };
}

/** The instance that has the killed one's role now and runs, or null. */
async function supersededBy(running: Running, { spec, instance }: Injection): Promise<string | null> {
  const now = await targetInstance(running, (spec as KillSpec).target);
  if (now === instance) return null;
  const alive = await running.signal({ target: now, scope: 'component' }, null);
  return alive.length > 0 ? now : null;
}
