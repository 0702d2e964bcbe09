import type { Observation, Probe } from '../../probes/probe.ts';
import type { Ns, SlotEvent, SlotOutcome } from '../../timeline/events.ts';
import type { Time } from '../time.ts';

export interface SlotTiming {
  readonly t0Ns: Ns;
  readonly periodNs: number;
  /** Counted from when a slot was due. */
  readonly deadlineNs: number;
}

export interface ScheduledProbe {
  readonly name: string;
  readonly probe: Probe;
  readonly timing: SlotTiming;
  readonly time: Time;
  readonly report: (slot: SlotEvent) => void;
}

interface OpenSlot {
  readonly slot: number;
  readonly dueNs: Ns;
  readonly sentNs: Ns;
  readonly abort: AbortController;
}

/** A send may be this much later than due before the slot counts as not sent on time. */
const leastToleranceNs = 5e6;

/**
 * The open loop: slot *i* is due at t0 + i·period, is sent then or never, and waits for no other slot.
 * - answered in time: `ok` or `failed`; a success after the deadline, or nothing by the deadline (detail `timeout`): `late`;
 * - not sent within a period (at least 5 ms) of when it was due, or with too many observations that ignore
 *   their abort: `unsent`, one event each, for it is the harness that failed there;
 * - open when `stop` cut it short: `aborted`.
 * One timer serves both the next send and the oldest open slot's deadline.
 */
export class ProbeSchedule {
  readonly #it: ScheduledProbe;
  readonly #toleranceNs: number;
  readonly #capacity: number;
  /** In the order they were due, which is the order of their deadlines. */
  readonly #open = new Map<number, OpenSlot>();
  #next = 0;
  /** Observations whose promise has not settled: the open ones, and those that are slow to heed their abort. */
  #unsettled = 0;
  #cancelWake: () => void = () => {};
  #stop: { readonly atNs: Ns; readonly done: () => void } | null = null;

  constructor(it: ScheduledProbe) {
    const { periodNs, deadlineNs } = it.timing;
    this.#it = it;
    this.#toleranceNs = Math.max(periodNs, leastToleranceNs);
    this.#capacity = 2 * (Math.ceil(deadlineNs / periodNs) + 1);
    this.#arm();
  }

  /**
   * Sends nothing more. Open slots may still end until their deadline, or for `withinNs` if that is shorter.
   * @returns how many slots were due, each of which has been reported
   */
  async stop(withinNs = Number.POSITIVE_INFINITY): Promise<number> {
    this.#wake(); // what was due before is sent or reported, even if the thread did not run until now
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stop = { atNs: this.#it.time.nowNs() + withinNs, done: resolve };
    this.#wake();
    await promise;
    return this.#next;
  }

  #wake(): void {
    this.#cancelWake();
    const nowNs = this.#it.time.nowNs();
    this.#expire(nowNs);
    if (this.#stop === null) this.#sendDue(nowNs);
    this.#arm();
  }

  #arm(): void {
    const oldest = this.#open.values().next().value;
    const deadlineNs = oldest === undefined ? Number.POSITIVE_INFINITY : this.#deadlineNs(oldest);
    const nextNs = this.#stop === null ? this.#dueNs(this.#next) : this.#stop.atNs;
    const atNs = Math.min(deadlineNs, nextNs);
    if (this.#stop !== null && this.#open.size === 0) this.#stop.done();
    else this.#cancelWake = this.#it.time.wakeAt(atNs, () => this.#wake());
  }

  /** The clock is read once for the whole round: sends that take longer than a period must not starve the event loop. */
  #sendDue(nowNs: Ns): void {
    while (this.#dueNs(this.#next) <= nowNs) this.#send(this.#next++);
  }

  #send(slot: number): void {
    const dueNs = this.#dueNs(slot);
    const sentNs = this.#it.time.nowNs();
    if (sentNs - dueNs > this.#toleranceNs) {
      this.#unsent(slot, 'not sent on time');
    } else if (this.#unsettled >= this.#capacity) {
      this.#unsent(slot, 'too many open observations');
    } else {
      const open: OpenSlot = { slot, dueNs, sentNs, abort: new AbortController() };
      this.#open.set(slot, open);
      this.#unsettled++;
      void this.#observe(open);
    }
  }

  async #observe(open: OpenSlot): Promise<void> {
    let observation: Observation;
    try {
      observation = await this.#it.probe.observe(open.slot, open.abort.signal);
    } catch (error) {
      observation = { ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
    this.#unsettled--;
    if (!this.#open.delete(open.slot)) return;
    const late = this.#it.time.nowNs() > this.#deadlineNs(open);
    this.#close(open, observation.ok ? (late ? 'late' : 'ok') : 'failed', observation);
    if (this.#stop !== null && this.#open.size === 0) this.#wake();
  }

  #expire(nowNs: Ns): void {
    const cut = this.#stop !== null && nowNs >= this.#stop.atNs;
    for (const open of this.#open.values()) {
      const timeout = this.#deadlineNs(open) <= nowNs;
      if (!timeout && !cut) break;
      this.#open.delete(open.slot);
      this.#close(open, timeout ? 'late' : 'aborted', timeout ? { detail: 'timeout' } : {});
      open.abort.abort();
    }
  }

  #close(open: OpenSlot, outcome: SlotOutcome, seen: Partial<Observation>): void {
    const endNs = this.#it.time.nowNs();
    this.#it.report({
      type: 'slot',
      atNs: endNs,
      probe: this.#it.name,
      slot: open.slot,
      dueNs: open.dueNs,
      sentNs: open.sentNs,
      endNs,
      outcome,
      ...(seen.value !== undefined && { value: seen.value }),
      ...(seen.detail !== undefined && { detail: seen.detail }),
    });
  }

  #unsent(slot: number, detail: string): void {
    const endNs = this.#it.time.nowNs();
    const dueNs = this.#dueNs(slot);
    const { name: probe } = this.#it;
    this.#it.report({
      type: 'slot',
      atNs: endNs,
      probe,
      slot,
      dueNs,
      sentNs: null,
      endNs,
      outcome: 'unsent',
      detail,
    });
  }

  #dueNs(slot: number): Ns {
    return this.#it.timing.t0Ns + slot * this.#it.timing.periodNs;
  }

  #deadlineNs(open: OpenSlot): Ns {
    return open.dueNs + this.#it.timing.deadlineNs;
  }
}
