import { mapSlots } from './conditions.ts';
import { type Interval, marksOf } from './spans.ts';
import type { SlotSeries, Timeline } from './timeline.ts';

/** Timers that fell due while a thread stood still fire in its first moments after that. */
const afterLagNs = 5e6;

/** When the thread that sends the probes stood still, in order. */
export function samplerLags(timeline: Pick<Timeline, 'marks'>): Interval[] {
  return marksOf(timeline, 'harness.lag')
    .filter((mark) => mark.thread === 'sampler')
    .map((mark) => ({ fromNs: mark.atNs - mark.lagNs, toNs: mark.atNs + afterLagNs }))
    .sort((a, b) => a.toNs - b.toNs);
}

/**
 * A probe's slots, but for those whose time ran out while the sampler stood still: their answer may have been there and
 * not been read, so they count as unsent. All others say what they saw: an answer read late only makes an interval wider,
 * and a refusal is one whenever it is read.
 */
export function trustedSeries(
  timeline: Pick<Timeline, 'marks' | 'series'>,
  probe: string,
): SlotSeries | null {
  const series = timeline.series.get(probe);
  if (series === undefined) return null;
  const lags = samplerLags(timeline);
  if (lags.length === 0) return series;
  return mapSlots(series, (slot) =>
    slot.outcome === 'late' && within(lags, slot.endNs) ? { ...slot, outcome: 'unsent' } : slot,
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
