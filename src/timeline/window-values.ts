import { slotRange } from './harness.ts';
import type { Interval } from './spans.ts';
import type { SlotSeries } from './timeline.ts';

/** The numbers that a probe observed in a stretch of time; null when it observed none. */
export interface WindowValues {
  readonly highest: number;
  readonly count: number;
}

export function windowValues(series: SlotSeries, { fromNs, toNs }: Interval): WindowValues | null {
  const { first, end } = slotRange(series, fromNs, toNs);
  const values = Array.from({ length: end - first }, (_, index) => series.at(first + index)).flatMap(
    ({ outcome, value }) => (outcome === 'ok' && value !== null ? [value] : []),
  );
  return values.length === 0
    ? null
    : { highest: values.reduce((a, b) => Math.max(a, b)), count: values.length };
}

/** The same, and where the probe looks less often than the stretch is long, the last value before its end. */
export function valuesUpTo(series: SlotSeries, window: Interval): WindowValues | null {
  const inside = windowValues(series, window);
  if (inside !== null) return inside;
  const { end } = slotRange(series, 0, window.toNs);
  for (let index = end - 1; index >= 0; index--) {
    const { outcome, value, endNs } = series.at(index);
    if (outcome === 'ok' && value !== null && endNs <= window.toNs) return { highest: value, count: 1 };
  }
  return null;
}
