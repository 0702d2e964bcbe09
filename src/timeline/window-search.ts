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
 * Finds the first window of a number of slots that succeeds, slot by slot, remembering one window.
 *
 * A window begins with a slot that did not fail. It *could* succeed if it does when every unknown slot is taken for a
 * success; the first one that could is the answer: recovered when nothing in it is unknown, unknown otherwise.
 */
export class WindowSearch {
  failed = false;
  unknowns = 0;
  /** A window without anything unknown succeeded, be it the first that could or not. */
  held = false;
  readonly #length: number;
  readonly #allowed: number;
  readonly #window: Pending[] = [];
  #head = 0;
  #failuresInWindow = 0;
  #unknownsInWindow = 0;
  #lastFailureNs: Ns | null = null;
  /** Start of the last failure before the window. */
  #beforeWindowNs: Ns | null = null;
  #found: ((lastFailureNs: Ns) => Found) | null = null;

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

  /** @param lastFailureNs the start of the last failure before the first slot pushed */
  result(lastFailureNs: Ns): Found {
    if (this.#found !== null) return this.#found(lastFailureNs);
    return { kind: 'censored', sinceNs: this.#lastRuledOut() ?? lastFailureNs };
  }

  get #size(): number {
    return this.#window.length - this.#head;
  }

  #settle(heldNs: Ns): void {
    const first = this.#window[this.#head] as Pending;
    if (first.judged === 'failure' || this.#failuresInWindow > this.#allowed) return;
    this.held = this.#unknownsInWindow === 0;
    if (this.#found !== null) return;
    const before = this.#beforeWindowNs;
    const slots = this.#unknownsInWindow;
    this.#found =
      slots > 0
        ? () => ({ kind: 'unknown', slots })
        : (lastFailureNs) => ({
            kind: 'recovered',
            afterNs: before ?? lastFailureNs,
            beforeNs: first.endNs,
            heldNs,
          });
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
