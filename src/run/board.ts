import type { Condition } from '../definition/scenario.ts';
import { holds } from '../timeline/conditions.ts';
import type { Ns, SlotEvent, WriteEvent } from '../timeline/events.ts';

/** `sinceNs`: when what was asked for began to hold. */
export type Watched =
  | { readonly met: true; readonly sinceNs: Ns }
  | { readonly met: false; readonly observed: string };

export interface WatchOptions {
  /** Only what was due from here on counts. */
  readonly fromNs: Ns;
  readonly withinMs: number;
  readonly abort: AbortSignal;
}

/** Sees one slot or write after the other; tells since when it holds, or null while it does not. */
export interface Watcher {
  slot?(slot: SlotEvent): Ns | null;
  write?(write: WriteEvent): Ns | null;
  observed(): string;
}

interface Listener {
  readonly watcher: Watcher;
  readonly met: (sinceNs: Ns) => void;
}

/** Where live observations arrive and conditions on them are waited for. It keeps no history: that is the journal's. */
export class SignalBoard {
  #listeners = new Set<Listener>();

  slots(batch: readonly SlotEvent[]): void {
    for (const slot of batch) this.#offer((watcher) => watcher.slot?.(slot) ?? null);
  }

  writes(batch: readonly WriteEvent[]): void {
    for (const write of batch) this.#offer((watcher) => watcher.write?.(write) ?? null);
  }

  /** @throws the reason of `abort` */
  condition(condition: Condition, options: WatchOptions): Promise<Watched> {
    return this.conditions([condition], options);
  }

  /** All of them at the same time: since when the last of them holds. @throws the reason of `abort` */
  conditions(conditions: readonly Condition[], options: WatchOptions): Promise<Watched> {
    return this.#wait(
      together(conditions.map((condition) => conditionWatcher(condition, options.fromNs))),
      options,
    );
  }

  /** Every write of the ledger acknowledged, for this long. */
  acknowledged(ledger: string, forMs: number, options: WatchOptions): Promise<Watched> {
    return this.#wait(ackWatcher(ledger, forMs, options.fromNs), options);
  }

  /** Any other rule over slots, such as recovery. */
  rule(watcher: Watcher, options: WatchOptions): Promise<Watched> {
    return this.#wait(watcher, options);
  }

  #offer(look: (watcher: Watcher) => Ns | null): void {
    for (const { watcher, met } of this.#listeners) {
      const sinceNs = look(watcher);
      if (sinceNs !== null) met(sinceNs);
    }
  }

  #wait(watcher: Watcher, { withinMs, abort }: WatchOptions): Promise<Watched> {
    return new Promise((resolve, reject) => {
      const listener: Listener = { watcher, met: (sinceNs) => end(() => resolve({ met: true, sinceNs })) };
      const timer = setTimeout(
        () => end(() => resolve({ met: false, observed: watcher.observed() })),
        withinMs,
      );
      const onAbort = () => end(() => reject(abort.reason));
      const end = (settle: () => void) => {
        this.#listeners.delete(listener);
        clearTimeout(timer);
        abort.removeEventListener('abort', onAbort);
        settle();
      };
      this.#listeners.add(listener);
      abort.addEventListener('abort', onAbort);
      if (abort.aborted) onAbort();
    });
  }
}

/** Since when an unbroken row of slots has gone one way, once it is as long as `forMs`. */
function streak(forMs: number): { add(fits: boolean, fromNs: Ns, toNs: Ns): Ns | null } {
  let sinceNs: Ns | null = null;
  return {
    add(fits, fromNs, toNs) {
      sinceNs = fits ? (sinceNs ?? fromNs) : null;
      return sinceNs !== null && toNs - sinceNs >= forMs * 1e6 ? sinceNs : null;
    },
  };
}

type SlotWatcher = Watcher & Required<Pick<Watcher, 'slot'>>;

/** A condition that held stays so until a slot of its own probe says otherwise. */
function together(watchers: readonly (SlotWatcher & { readonly probe: string })[]): Watcher {
  const since: (Ns | null)[] = watchers.map(() => null);
  return {
    slot(slot) {
      for (const [i, watcher] of watchers.entries())
        if (watcher.probe === slot.probe) since[i] = watcher.slot(slot);
      const holding = since.filter((each) => each !== null);
      return holding.length === watchers.length ? Math.max(...holding) : null;
    },
    observed: () => watchers.map((watcher) => watcher.observed()).join('; '),
  };
}

function conditionWatcher(condition: Condition, fromNs: Ns): SlotWatcher & { readonly probe: string } {
  const row = streak('is' in condition ? (condition.for ?? 0) : 0);
  let last = 'no slot yet';
  return {
    probe: condition.probe,
    slot(slot) {
      if (slot.dueNs < fromNs) return null;
      const shown = slot.detail ?? slot.value;
      last = shown === undefined ? slot.outcome : `${slot.outcome}: ${shown}`;
      const fits = holds(condition, { outcome: slot.outcome, value: slot.value ?? null });
      return row.add(fits === true, slot.sentNs ?? slot.dueNs, slot.endNs);
    },
    observed: () => `${condition.probe}: last slot ${last}`,
  };
}

function ackWatcher(ledger: string, forMs: number, fromNs: Ns): Watcher {
  const row = streak(forMs);
  let last = 'no write yet';
  return {
    write(write) {
      if (write.ledger !== ledger || write.sentNs < fromNs) return null;
      last = write.detail === undefined ? write.outcome : `${write.outcome}: ${write.detail}`;
      return row.add(write.outcome === 'acked', write.sentNs, write.endNs);
    },
    observed: () => `ledger ${ledger}: last write ${last}`,
  };
}
