import type { Plan, PlannedUntil } from '../definition/plan.ts';
import type { Condition } from '../definition/scenario.ts';
import { conditionsOf, holds } from './conditions.ts';
import type { Ns } from './events.ts';
import { trustedSeries } from './harness.ts';
import { allRecovered, type Recovery } from './recovery.ts';
import { marksOf, type StageSpan, stages } from './spans.ts';
import type { Slot, SlotSeries, Timeline } from './timeline.ts';

/**
 * When what an `until` stage waited for began to hold; null when no stage makes a mark of that name, or the run did not get
 * to it.
 *
 * It lies between the start of the last slot that showed the opposite and the end of the first slot of the streak that
 * held: for as long as the condition asks, before the stage was over. `censored`: it had not begun at `sinceNs`, and nobody
 * looked any longer. `never-failed`: it held ever since its probe began, so nothing began.
 */
export function namedMark(timeline: Timeline, plan: Plan, name: string): Recovery | null {
  const begins = beginsOf(timeline, plan, name);
  return begins === null ? null : allRecovered(begins.map(({ begin }) => begin));
}

/** Conditions of a stage that makes a mark which had not begun to hold when nobody looked any longer. */
export function notBegun(timeline: Timeline, plan: Plan, name: string): readonly Condition[] {
  const begins = beginsOf(timeline, plan, name) ?? [];
  return begins.filter(({ begin }) => begin.kind === 'censored').map(({ condition }) => condition);
}

interface Begin {
  readonly condition: Condition;
  readonly begin: Recovery;
}

function beginsOf(timeline: Timeline, plan: Plan, name: string): readonly Begin[] | null {
  const named = stageNamed(timeline, plan, name);
  if (named === null) return null;
  const { planned, span } = named;
  const untilNs = seenNs(timeline, span);
  return conditionsOf(planned.condition).map((condition): Begin => {
    const series = trustedSeries(timeline, condition.probe);
    const begin: Recovery =
      series === null
        ? { kind: 'unknown', reason: `probe "${condition.probe}" recorded nothing` }
        : beginOf(condition, series, untilNs);
    return { condition, begin };
  });
}

interface NamedStage {
  readonly planned: PlannedUntil;
  readonly span: StageSpan;
}

/** The stage that makes the mark, where the run got to it. */
function stageNamed(timeline: Timeline, plan: Plan, name: string): NamedStage | null {
  const stage = plan.stages.findIndex((each) => each.kind === 'until' && each.as === name);
  const planned = plan.stages[stage];
  const span = stages(timeline).find((each) => each.stage === stage);
  return planned?.kind !== 'until' || span === undefined ? null : { planned, span };
}

/** When the condition was seen to hold, or nobody looked any longer. */
function seenNs(timeline: Timeline, { fromNs, toNs }: StageSpan): Ns {
  const endNs = toNs ?? timeline.lastNs;
  const met = marksOf(timeline, 'condition.met').find(
    ({ purpose, atNs }) => purpose === 'until' && atNs >= fromNs && atNs <= endNs,
  );
  return met?.atNs ?? endNs;
}

/**
 * Of the slots since the last one that showed the opposite, this share may be unsent: the interval only becomes wider. One
 * always may: that is wider by a period.
 */
const unsentShare = 0.05;

/**
 * When the condition began to hold for the last time before `untilNs`. Slots due after that only tell whether the streak
 * became as long as the condition asks.
 */
export function beginOf(condition: Condition, series: SlotSeries, untilNs: Ns): Recovery {
  const streak = new StreakSearch('is' in condition ? (condition.for ?? 0) : 0);
  for (let index = 0; index < series.length; index++) {
    const slot = series.at(index);
    const shown = holds(condition, slot);
    if (slot.dueNs > untilNs && (streak.held || shown === false)) break;
    streak.push(slot, shown);
  }
  return streak.result(series.probe);
}

/** Follows one condition slot by slot: the last time that it began to hold, and how sure that is. */
class StreakSearch {
  readonly #forNs: Ns;
  /** Start of the last slot that showed the opposite. */
  #oppositeNs: Ns | null = null;
  #unsent = 0;
  #slots = 0;
  /** The row of slots that all show the condition and that has not been broken. */
  #row: { readonly fromNs: Ns; readonly beforeNs: Ns } | null = null;
  #held: { readonly beforeNs: Ns; readonly heldNs: Ns; readonly unsent: number } | null = null;

  constructor(forMs: number) {
    this.#forNs = forMs * 1e6;
  }

  get held(): boolean {
    return this.#held !== null;
  }

  /** @param shown whether the slot shows the condition; null when it shows nothing, which breaks a row and proves no end */
  push(slot: Slot, shown: boolean | null): void {
    if (shown === false) {
      this.#oppositeNs = slot.sentNs ?? slot.dueNs;
      this.#unsent = 0;
      this.#slots = 0;
      this.#held = null;
    }
    this.#slots++;
    if (slot.outcome === 'unsent') this.#unsent++;
    if (shown !== true) {
      this.#row = null;
      return;
    }
    this.#row ??= { fromNs: slot.sentNs ?? slot.dueNs, beforeNs: slot.endNs };
    if (slot.endNs - this.#row.fromNs >= this.#forNs)
      this.#held ??= { beforeNs: this.#row.beforeNs, heldNs: slot.endNs, unsent: this.#unsent };
  }

  result(probe: string): Recovery {
    const held = this.#held;
    const afterNs = this.#oppositeNs;
    const unsent = held?.unsent ?? this.#unsent;
    if (unsent > Math.max(1, Math.floor(this.#slots * unsentShare))) {
      const reason = `${unsent} slots of probe "${probe}" were not sent on time where it might have begun`;
      return { kind: 'unknown', reason };
    }
    if (held !== null && afterNs === null) return { kind: 'never-failed' };
    if (afterNs === null) return { kind: 'unknown', reason: `probe "${probe}" showed nothing that tells` };
    if (held === null) return { kind: 'censored', sinceNs: afterNs };
    return { kind: 'recovered', afterNs, beforeNs: held.beforeNs, heldNs: held.heldNs };
  }
}
