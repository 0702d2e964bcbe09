import type { Plan } from '../definition/plan.ts';
import { slotRange, trustedSeries } from './harness.ts';
import { judgeSlot } from './recovery.ts';
import { type Interval, marksOf } from './spans.ts';
import type { SlotSeries, Timeline } from './timeline.ts';

/** What one client saw in a stretch of time. Slots still open at the end are in none of the counts. */
export interface WindowStats {
  readonly successes: number;
  readonly failures: number;
  /** Slots the harness did not send on time. */
  readonly unsent: number;
  /** Unbroken rows of failures, and the length of the longest (slots × period). */
  readonly gaps: number;
  readonly longestGapMs: number;
  /** Failures among the slots that are known; null when none is. */
  readonly errorRate: number | null;
}

export function windowStats(series: SlotSeries, { fromNs, toNs }: Interval): WindowStats {
  let successes = 0;
  let failures = 0;
  let unsent = 0;
  let gaps = 0;
  let longest = 0;
  let row = 0;
  const { first, end } = slotRange(series, fromNs, toNs);
  for (let index = first; index < end; index++) {
    const slot = series.at(index);
    if (slot.outcome === 'aborted') continue;
    const judged = judgeSlot(slot, null);
    if (judged === 'success') successes++;
    if (judged === 'unknown') unsent++;
    if (judged === 'failure') failures++;
    row = judged === 'failure' ? row + 1 : 0;
    if (row === 1) gaps++;
    longest = Math.max(longest, row);
  }
  const known = successes + failures;
  return {
    successes,
    failures,
    unsent,
    gaps,
    longestGapMs: (longest * series.periodNs) / 1e6,
    errorRate: known === 0 ? null : failures / known,
  };
}

export interface Baseline extends WindowStats {
  /** From when a slot was due to its answer, over successes; null when there were none. */
  readonly medianLatencyMs: number | null;
}

/** The platform as it was before anything was broken, by client: the steady window up to `steady.met`. Empty when it never was. */
export function baseline(timeline: Timeline, plan: Plan): ReadonlyMap<string, Baseline> {
  const met = marksOf(timeline, 'steady.met').at(-1);
  if (met === undefined) return new Map();
  const window = { fromNs: met.atNs - plan.steady.windowMs * 1e6, toNs: met.atNs };
  return new Map(
    [...timeline.series].map(([probe, recorded]) => {
      const series = trustedSeries(timeline, probe) ?? recorded;
      return [probe, { ...windowStats(series, window), medianLatencyMs: medianLatencyMs(series, window) }];
    }),
  );
}

function medianLatencyMs(series: SlotSeries, { fromNs, toNs }: Interval): number | null {
  const { first, end } = slotRange(series, fromNs, toNs);
  const successes = Array.from({ length: end - first }, (_, index) => series.at(first + index)).filter(
    ({ outcome }) => outcome === 'ok',
  );
  const sorted = Float64Array.from(successes, ({ dueNs, endNs }) => (endNs - dueNs) / 1e6).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
