import type { RecoveredRule } from '../definition/plan.ts';
import type { Ns } from './events.ts';
import type { Interval } from './spans.ts';
import type { Slot, SlotSeries } from './timeline.ts';
import { holdWindow, WindowSearch } from './window-search.ts';

export type HoldRule = Pick<RecoveredRule, 'holdMs' | 'successRatio' | 'latencyMs'>;

export type Recovery =
  /**
   * It lies between the start of the last failure (`afterNs`) and the end of the first success (`beforeNs`) of the first
   * window in which success ratio and latency held for the whole hold time. That window ends at `heldNs`.
   */
  | { readonly kind: 'recovered'; readonly afterNs: Ns; readonly beforeNs: Ns; readonly heldNs: Ns }
  /** The observation ended first: not recovered at `sinceNs`, the start of the last failure before it might have been. */
  | { readonly kind: 'censored'; readonly sinceNs: Ns }
  | { readonly kind: 'never-failed' }
  /** `brief`: a failure that nobody saw was over before the next slot, as one between any two slots is that nobody sees either. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly brief?: true };

type Schedule = Pick<SlotSeries, 'probe' | 't0Ns' | 'periodNs'>;

/**
 * Recovery of one client after `fromNs`, of the slots due before `untilNs`.
 *
 * A slot is a success when it was answered within its deadline (and the rule's latency) counted from when it was due.
 * Unsent slots could have been either: the first window that could be the recovery decides, and if an unsent slot is in
 * it the answer is unknown.
 */
export function recoveryInterval(
  series: SlotSeries,
  rule: HoldRule,
  fromNs: Ns,
  untilNs = Number.POSITIVE_INFINITY,
): Recovery {
  const tracker = new RecoveryTracker(series, rule, fromNs);
  const inFlight = Math.ceil(series.deadlineNs / series.periodNs) + 1;
  for (let index = Math.max(0, tracker.firstSlot - inFlight); index < series.length; index++) {
    const slot = series.at(index);
    if (slot.dueNs >= untilNs) break;
    tracker.add(slot);
  }
  return tracker.result();
}

/**
 * The same rule fed slot by slot, in whatever order slots complete. Slots due before `fromNs` may be left out if they
 * also ended before it; those in flight at `fromNs` that fail are failures.
 */
export class RecoveryTracker {
  /** The first slot due at or after `fromNs`. */
  readonly firstSlot: number;
  readonly #fromNs: Ns;
  readonly #rule: HoldRule;
  readonly #probe: string;
  /** Windows from the first slot on: they count when a slot in flight at `fromNs` failed. */
  readonly #fromStart: WindowSearch;
  /** Windows after the first failure among the slots themselves. */
  readonly #afterFailure: WindowSearch;
  /** Completed slots that wait for a lower slot number. */
  readonly #waiting = new Map<number, Slot>();
  #next: number;
  #inFlightFailedNs: Ns | null = null;
  #ended = false;
  readonly #unsent = new LoneSlots();

  constructor(schedule: Schedule, rule: HoldRule, fromNs: Ns) {
    const window = holdWindow(rule, schedule.periodNs);
    this.firstSlot = Math.max(0, Math.ceil((fromNs - schedule.t0Ns) / schedule.periodNs));
    this.#next = this.firstSlot;
    this.#fromNs = fromNs;
    this.#rule = rule;
    this.#probe = schedule.probe;
    this.#fromStart = new WindowSearch(window);
    this.#afterFailure = new WindowSearch(window);
  }

  add(slot: Slot): void {
    if (slot.slot < this.firstSlot) {
      this.#addInFlight(slot);
      return;
    }
    this.#waiting.set(slot.slot, slot);
    for (let next = this.#waiting.get(this.#next); next !== undefined; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#next++;
      this.#take(next);
    }
  }

  /** A whole window held, with every slot of it known: nothing to wait for any more. */
  get recovered(): boolean {
    const search = this.#search();
    return search?.held ?? false;
  }

  /** What is known by now; `censored` means not yet. */
  result(): Recovery {
    const search = this.#search();
    if (search === null) {
      return this.#fromStart.unknowns === 0
        ? { kind: 'never-failed' }
        : {
            kind: 'unknown',
            reason: `${this.#fromStart.unknowns} slots of probe "${this.#probe}" were not sent on time: whether it failed is not known`,
            ...(this.#unsent.areFewAndAlone && { brief: true }),
          };
    }
    const lastFailureNs = this.#inFlightFailedNs ?? this.#fromNs;
    const found = search.result(lastFailureNs);
    if (found.kind !== 'unknown') return found;
    return {
      kind: 'unknown',
      reason: `${found.slots} slots of probe "${this.#probe}" were not sent on time in the window that could be the recovery`,
    };
  }

  #search(): WindowSearch | null {
    if (this.#inFlightFailedNs !== null) return this.#fromStart;
    return this.#afterFailure.failed ? this.#afterFailure : null;
  }

  #addInFlight(slot: Slot): void {
    if (slot.endNs < this.#fromNs || this.#judge(slot) !== 'failure') return;
    this.#inFlightFailedNs = Math.max(this.#inFlightFailedNs ?? 0, slot.sentNs ?? slot.dueNs);
  }

  #take(slot: Slot): void {
    // Still open when the run stopped: here the observation of this client ends.
    this.#ended ||= slot.outcome === 'aborted';
    if (this.#ended) return;
    const judged = this.#judge(slot);
    this.#unsent.push(judged);
    this.#fromStart.push(slot, judged);
    if (this.#afterFailure.failed || judged === 'failure') this.#afterFailure.push(slot, judged);
  }

  #judge(slot: Slot): SlotJudgement {
    return judgeSlot(slot, this.#rule.latencyMs);
  }
}

/** Of all slots, this share may be unsent, and one always may, as in the hold of a recovery. */
const unsentShare = 0.05;

/** Whether what was not sent stands alone each time, between slots that were. */
class LoneSlots {
  #slots = 0;
  #unsent = 0;
  #isAfterUnsent = false;
  #areAlone = true;

  push(judged: SlotJudgement): void {
    const isUnsent = judged === 'unknown';
    this.#slots++;
    if (isUnsent) this.#unsent++;
    if (isUnsent && this.#isAfterUnsent) this.#areAlone = false;
    this.#isAfterUnsent = isUnsent;
  }

  get areFewAndAlone(): boolean {
    return this.#areAlone && this.#unsent <= Math.max(1, Math.floor(unsentShare * this.#slots));
  }
}

export type SlotJudgement = 'success' | 'failure' | 'unknown';

/** A late success is a failure; a slot the harness did not send on time says nothing. Latency counts from when it was due. */
export function judgeSlot(
  slot: Pick<Slot, 'outcome' | 'dueNs' | 'endNs'>,
  latencyMs: number | null,
): SlotJudgement {
  if (slot.outcome === 'unsent' || slot.outcome === 'aborted') return 'unknown';
  if (slot.outcome !== 'ok') return 'failure';
  return latencyMs === null || slot.endNs - slot.dueNs <= latencyMs * 1e6 ? 'success' : 'failure';
}

/**
 * Several clients have recovered when all of them have: the interval is the later of both ends. One that never failed but
 * for what a lone unsent slot may have hidden does not make unknown what the others show.
 */
export function allRecovered(recoveries: readonly Recovery[]): Recovery {
  const censored = recoveries.filter((recovery) => recovery.kind === 'censored');
  if (censored.length > 0)
    return { kind: 'censored', sinceNs: Math.max(...censored.map((one) => one.sinceNs)) };
  const recovered = recoveries.filter((recovery) => recovery.kind === 'recovered');
  const unknown = recoveries.find(
    (recovery) => recovery.kind === 'unknown' && !(recovery.brief && recovered.length > 0),
  );
  if (unknown !== undefined) return unknown;
  if (recovered.length === 0) return { kind: 'never-failed' };
  return {
    kind: 'recovered',
    afterNs: Math.max(...recovered.map((one) => one.afterNs)),
    beforeNs: Math.max(...recovered.map((one) => one.beforeNs)),
    heldNs: Math.max(...recovered.map((one) => one.heldNs)),
  };
}

/** The interval of a recovery, null where there is none. */
export function intervalOf(recovery: Recovery): Interval | null {
  return recovery.kind === 'recovered' ? { fromNs: recovery.afterNs, toNs: recovery.beforeNs } : null;
}
