import { formatDuration } from '../definition/duration.ts';
import type { PlannedUntil } from '../definition/plan.ts';
import type { Condition } from '../definition/scenario.ts';
import type { Slot, SlotSeries } from './timeline.ts';

/** The name a condition has in the journal (`condition.met` …), the same in every process: words made of the condition alone. */
export function conditionName(condition: PlannedUntil['condition']): string {
  if (condition === 'recovered') return condition;
  if (!('probe' in condition)) return condition.map(conditionName).join(' and ');
  if ('is' in condition) {
    return `${condition.probe} is ${condition.is}${condition.for === undefined ? '' : ` for ${formatDuration(condition.for)}`}`;
  }
  if ('above' in condition) return `${condition.probe} is above ${condition.above}`;
  if ('below' in condition) return `${condition.probe} is below ${condition.below}`;
  return `${condition.probe} equals ${condition.equals}`;
}

/** What is waited for beside recovery: all of it at the same time. */
export function conditionsOf(awaited: PlannedUntil['condition']): readonly Condition[] {
  if (awaited === 'recovered') return [];
  return 'probe' in awaited ? [awaited] : awaited;
}

/** Whether one slot shows the condition (its `for` apart); null when the slot shows nothing. */
export function holds(condition: Condition, slot: Pick<Slot, 'outcome' | 'value'>): boolean | null {
  if (slot.outcome === 'unsent' || slot.outcome === 'aborted') return null;
  if ('is' in condition) return (slot.outcome === 'ok') === (condition.is === 'healthy');
  if (slot.value === null) return null;
  if ('above' in condition) return slot.value > condition.above;
  if ('below' in condition) return slot.value < condition.below;
  return slot.value === condition.equals;
}

/**
 * The series as somebody sees it who fails while the condition holds: its "recovery" is the end of the condition.
 * A slot that shows no number does not show that the condition is over.
 */
export function asFailureWhile(condition: Condition, series: SlotSeries): SlotSeries {
  return mapSlots(series, (slot) => {
    if (slot.outcome === 'unsent' || slot.outcome === 'aborted') return slot;
    return { ...slot, outcome: holds(condition, slot) === false ? 'ok' : 'failed' };
  });
}

/** A view of a series, slot by slot. */
export function mapSlots(series: SlotSeries, change: (slot: Slot) => Slot): SlotSeries {
  const { probe, t0Ns, periodNs, deadlineNs, length } = series;
  return { probe, t0Ns, periodNs, deadlineNs, length, at: (index) => change(series.at(index)) };
}
