import type { RecoveredRule } from '../definition/plan.ts';
import type { Ns } from './events.ts';
import type { SlotJudgement } from './recovery.ts';
import type { Slot } from './timeline.ts';

/** How many slots a hold is, from its first to the one due at its end, and how many of them may fail. */
export function holdWindow(
  rule: Pick<RecoveredRule, 'holdMs' | 'successRatio'>,
  periodNs: number,
): { readonly slots: number; readonly allowed: number } {
  const slots = Math.floor((rule.holdMs * 1e6) / periodNs) + 1;
  // A hair's breadth more, or 1 - 0.9 of 10 slots would allow 0 failures.
  return { slots, allowed: Math.floor(slots * (1 - rule.successRatio) + 1e-9) };
}

export type Found =
  | { readonly kind: 'recovered'; readonly afterNs: Ns; readonly beforeNs: Ns; readonly heldNs: Ns }
  | { readonly kind: 'censored'; readonly sinceNs: Ns }
  | { readonly kind: 'unknown'; readonly slots: number };

interface Pending {
  readonly judged: SlotJudgement;
  readonly endNs: Ns;
  /** Start of the last failure up to and with this slot; null when there was none yet. */
  readonly failedNs: Ns | null;
}

/**
 * Of the slots of a hold, this share may be unknown without making the recovery unknown, and one always may: it only becomes
 * less sharp. More of them, and it was not this service that was measured. The same as for named marks.
 */
const unknownShare = 0.05;

/** The first window that could have succeeded, its unknown slots taken for successes. */
interface Candidate {
  /** Start of the last failure before it. */
  readonly afterNs: Ns | null;
  readonly slots: number;
  /** Unknown slots before it began. */
  readonly unknownsBefore: number;
}

/** The first window of which everything is known, and that succeeded. */
interface Held {
  readonly afterNs: Ns | null;
  readonly beforeNs: Ns;
  readonly heldNs: Ns;
  readonly unknownsBefore: number;
}

/**
 * Finds the first window of a number of slots that succeeds, slot by slot, remembering one window.
 *
 * A window begins with a slot that did not fail. With nothing unknown, the first that succeeds is the answer. Unknown
 * slots could have been either: the service recovered no sooner than in the first window that *could* have succeeded, and no
 * later than in the first that did with everything known. Where few slots are unknown between the two, that is the interval;
 * where they are many, the answer is unknown.
 */
export class WindowSearch {
  failed = false;
  unknowns = 0;
  readonly #length: number;
  readonly #allowed: number;
  readonly #window: Pending[] = [];
  #head = 0;
  #failuresInWindow = 0;
  #unknownsInWindow = 0;
  #lastFailureNs: Ns | null = null;
  /** Start of the last failure before the window. */
  #beforeWindowNs: Ns | null = null;
  #candidate: Candidate | null = null;
  #held: Held | null = null;

  constructor(window: ReturnType<typeof holdWindow>) {
    this.#length = window.slots;
    this.#allowed = window.allowed;
  }

  push(slot: Slot, judged: SlotJudgement): void {
    if (judged === 'failure') {
      this.failed = true;
      this.#lastFailureNs = slot.sentNs ?? slot.dueNs;
    }
    if (judged === 'unknown') this.unknowns++;
    if (this.held) return;
    this.#window.push({ judged, endNs: slot.endNs, failedNs: this.#lastFailureNs });
    this.#count(judged, 1);
    if (this.#size > this.#length) this.#drop();
    if (this.#size === this.#length) this.#settle(slot.dueNs);
  }

  /** A window with everything known succeeded, be it the first that could have or not. */
  get held(): boolean {
    return this.#held !== null;
  }

  /** @param lastFailureNs the start of the last failure before the first slot pushed */
  result(lastFailureNs: Ns): Found {
    const held = this.#held;
    const candidate = this.#candidate;
    if (held === null) {
      if (candidate !== null) return { kind: 'unknown', slots: candidate.slots };
      return { kind: 'censored', sinceNs: this.#lastRuledOut() ?? lastFailureNs };
    }
    const slots = candidate === null ? 0 : held.unknownsBefore - candidate.unknownsBefore;
    if (slots > Math.max(1, Math.floor(this.#length * unknownShare))) return { kind: 'unknown', slots };
    const afterNs = (candidate ?? held).afterNs ?? lastFailureNs;
    return { kind: 'recovered', afterNs, beforeNs: held.beforeNs, heldNs: held.heldNs };
  }

  get #size(): number {
    return this.#window.length - this.#head;
  }

  #settle(heldNs: Ns): void {
    const first = this.#window[this.#head] as Pending;
    if (first.judged === 'failure' || this.#failuresInWindow > this.#allowed) return;
    const afterNs = this.#beforeWindowNs;
    const slots = this.#unknownsInWindow;
    const unknownsBefore = this.unknowns - slots;
    if (slots > 0) this.#candidate ??= { afterNs, slots, unknownsBefore };
    else this.#held = { afterNs, beforeNs: first.endNs, heldNs, unknownsBefore };
  }

  /** The observation ended inside a window: the last failure before the first beginning that is not ruled out. */
  #lastRuledOut(): Ns | null {
    let failures = this.#failuresInWindow;
    let before = this.#beforeWindowNs;
    for (const { judged, failedNs } of this.#window.slice(this.#head)) {
      if (judged !== 'failure' && failures <= this.#allowed) return before;
      if (judged === 'failure') failures--;
      before = failedNs;
    }
    return before;
  }

  #drop(): void {
    const dropped = this.#window[this.#head] as Pending;
    this.#head++;
    this.#count(dropped.judged, -1);
    this.#beforeWindowNs = dropped.failedNs;
    // Shifting at every slot would move the whole window each time.
    if (this.#head > this.#length) this.#head -= this.#window.splice(0, this.#head).length;
  }

  #count(judged: SlotJudgement, by: 1 | -1): void {
    if (judged === 'failure') this.#failuresInWindow += by;
    if (judged === 'unknown') this.#unknownsInWindow += by;
  }
}
