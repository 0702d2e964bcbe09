import { Bitmap, bytes, type Column, floats, type Interner, indexes } from './columns.ts';
import type { MarkEvent, Ns, SlotEvent, SlotOutcome } from './events.ts';
import { JournalError } from './journal-error.ts';
import type { Slot, SlotSeries } from './timeline.ts';

/** 0 is a slot that no line tells of: the harness lost it, so it counts as unsent. */
const outcomes: readonly SlotOutcome[] = ['unsent', 'ok', 'failed', 'late', 'unsent', 'aborted'];
const codes = { ok: 1, failed: 2, late: 3, unsent: 4, aborted: 5 } as const satisfies Record<
  SlotOutcome,
  number
>;

type ProbeStarted = Extract<MarkEvent, { type: 'probe.started' }>;

/** The slots of one probe, indexed by slot number, filled in whatever order they completed. */
export class SlotColumns implements SlotSeries {
  readonly probe: string;
  readonly t0Ns: Ns;
  readonly periodNs: number;
  readonly deadlineNs: number;
  length = 0;
  readonly #outcome = bytes();
  readonly #sentNs = floats();
  readonly #endNs = floats();
  readonly #texts: Interner;
  /** Only probes that observe a number, or that fail, pay for these. */
  #value: { readonly numbers: Column; readonly present: Bitmap } | null = null;
  #detail: Column | null = null;

  constructor(started: ProbeStarted, texts: Interner) {
    if (started.periodNs <= 0) throw new JournalError(`probe "${started.probe}" has no period`);
    this.probe = started.probe;
    this.t0Ns = started.t0Ns;
    this.periodNs = started.periodNs;
    this.deadlineNs = started.deadlineNs;
    this.#texts = texts;
  }

  record(event: SlotEvent): void {
    this.#grow(event.slot + 1, event.atNs);
    this.#outcome.set(event.slot, codes[event.outcome]);
    this.#sentNs.set(event.slot, event.sentNs ?? Number.NaN);
    this.#endNs.set(event.slot, event.endNs);
    if (event.value !== undefined) this.#setValue(event.slot, event.value);
    if (event.detail !== undefined) {
      this.#detail ??= indexes();
      this.#detail.set(event.slot, this.#texts.index(event.detail));
    }
  }

  /** The probe ended after this many slots: those that no line told of were never sent. */
  stopped(slots: number, atNs: Ns): void {
    this.#grow(slots, atNs);
  }

  at(index: number): Slot {
    if (!(index >= 0 && index < this.length)) {
      throw new RangeError(`probe "${this.probe}" has slots 0 … ${this.length - 1}, not ${index}`);
    }
    const dueNs = this.t0Ns + index * this.periodNs;
    const code = this.#outcome.get(index);
    const sentNs = this.#sentNs.get(index);
    return {
      slot: index,
      dueNs,
      sentNs: code === 0 || Number.isNaN(sentNs) ? null : sentNs,
      endNs: code === 0 ? dueNs : this.#endNs.get(index),
      outcome: outcomes[code] ?? 'unsent',
      value: this.#valueAt(index),
      detail: this.#detail === null ? null : this.#texts.text(this.#detail.get(index)),
    };
  }

  /** A slot is written after it was due; a number far ahead of its line's time would make up millions of unsent slots. */
  #grow(length: number, atNs: Ns): void {
    if (length <= this.length) return;
    if (this.t0Ns + (length - 1) * this.periodNs > atNs + this.periodNs) {
      throw new JournalError(
        `slot ${length - 1} of probe "${this.probe}" is not due at the time of its line`,
      );
    }
    this.length = length;
  }

  #setValue(slot: number, value: number): void {
    this.#value ??= { numbers: floats(), present: new Bitmap() };
    this.#value.numbers.set(slot, value);
    this.#value.present.add(slot);
  }

  #valueAt(slot: number): number | null {
    return this.#value?.present.has(slot) ? this.#value.numbers.get(slot) : null;
  }
}
