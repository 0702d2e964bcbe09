import { mapSlots } from './conditions.ts';
import { type Interval, marksOf } from './spans.ts';
import type { Slot, SlotSeries, Timeline } from './timeline.ts';

/** When the thread that sends the probes did not run for longer than half of this period, in order. */
export function samplerLags(timeline: Pick<Timeline, 'marks'>, periodNs: number): Interval[] {
  return marksOf(timeline, 'harness.lag')
    .filter((mark) => mark.thread === 'sampler' && mark.lagNs > periodNs / 2)
    .map((mark) => ({ fromNs: mark.atNs - mark.lagNs, toNs: mark.atNs + periodNs / 2 }))
    .sort((a, b) => a.toNs - b.toNs);
}

/** A probe's slots with those that were due or answered while the sampler stood still taken for unsent: they say nothing. */
export function trustedSeries(
  timeline: Pick<Timeline, 'marks' | 'series'>,
  probe: string,
): SlotSeries | null {
  const series = timeline.series.get(probe);
  if (series === undefined) return null;
  const lags = samplerLags(timeline, series.periodNs);
  if (lags.length === 0) return series;
  const touched = (slot: Slot) => within(lags, slot.dueNs) || within(lags, slot.endNs);
  return mapSlots(series, (slot) =>
    slot.outcome !== 'aborted' && touched(slot) ? { ...slot, outcome: 'unsent' } : slot,
  );
}

/** Whether the instant lies in one of the intervals, which are ordered by their end. */
function within(intervals: readonly Interval[], atNs: number): boolean {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] as Interval).toNs < atNs) low = middle + 1;
    else high = middle;
  }
  const candidate = intervals[low];
  return candidate !== undefined && candidate.fromNs <= atNs;
}

/** Slots due in the interval, by index: `[first, end)`. */
export function slotRange(
  series: SlotSeries,
  fromNs: number,
  toNs: number,
): { readonly first: number; readonly end: number } {
  const indexOf = (atNs: number) => Math.ceil((atNs - series.t0Ns) / series.periodNs);
  const first = Math.min(series.length, Math.max(0, indexOf(fromNs)));
  return {
    first,
    end: Math.max(first, Math.min(series.length, Math.floor((toNs - series.t0Ns) / series.periodNs) + 1)),
  };
}
