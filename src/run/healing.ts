import type { Running } from '../environments/environment.ts';
import type { Injection } from '../faults/fault.ts';
import { faultOf } from '../faults/index.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { withDeadline } from './deadline.ts';
import type { Journal } from './journal.ts';

/** Each heal and each question has its own: one that hangs must not take the others' time. */
const deadlineMs = 30_000;

export type HealedBy = 'run' | 'heal-command';

/** What healing needs: the same in the run itself and in `drillbook heal`. */
export interface Healer {
  readonly running: Running;
  readonly journal: Pick<Journal, 'emit'>;
  readonly by: HealedBy;
}

/** The faults of a run, in the order they were injected. */
export class InjectedFaults {
  #injections: Injection[] = [];
  #open = new Set<string>();

  /** Before the fault acts: from here on it will be healed whatever happens. */
  add(injection: Injection): void {
    this.#injections.push(injection);
    this.#open.add(injection.id);
  }

  get all(): readonly Injection[] {
    return this.#injections;
  }

  /** Heals one by name, or all that are open: the last one first, going on past failures. Never throws. */
  async heal(healer: Healer, which: 'all' | string): Promise<void> {
    for (const injection of this.#injections.toReversed()) {
      const asked = which === 'all' || which === injection.id;
      if (asked && this.#open.has(injection.id) && (await healOne(healer, injection)))
        this.#open.delete(injection.id);
    }
  }
}

/** True when the fault is proved to be over. A journal that cannot be written must not keep it from being healed. */
async function healOne({ running, journal, by }: Healer, injection: Injection): Promise<boolean> {
  const fault = faultOf(injection.spec);
  const { id } = injection;
  await journal.emit({ type: 'fault.healing', injection: id }).catch(() => undefined);
  try {
    await withDeadline(`healing ${id}`, deadlineMs, fault.heal(running, injection));
    const status = await faultStatus(running, injection);
    await journal.emit({ type: 'fault.healed', injection: id, status, by }).catch(() => undefined);
    return status === 'gone' || status === 'superseded';
  } catch (error) {
    await journal
      .emit({ type: 'fault.heal-failed', injection: id, message: (error as Error).message })
      .catch(() => undefined);
    return false;
  }
}

/** What a fault is at this moment; `unknown` when that cannot be found out in time. */
export function faultStatus(running: Running, injection: Injection): Promise<FaultStatus> {
  const asked = faultOf(injection.spec).status(running, injection);
  return withDeadline(`asking ${injection.id} for its status`, deadlineMs, asked).catch(
    () => 'unknown' as const,
  );
}
