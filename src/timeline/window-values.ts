import { slotRange } from './harness.ts';
import type { Interval } from './spans.ts';
import type { SlotSeries } from './timeline.ts';

/** The numbers that a probe observed in a stretch of time; null when it observed none. */
export interface WindowValues {
  readonly highest: number;
  readonly count: number;
  /** Slots in which nobody saw a number: one that was not sent, a failure or an answer without one. */
  readonly without: number;
}

export function windowValues(series: SlotSeries, { fromNs, toNs }: Interval): WindowValues | null {
  const { first, end } = slotRange(series, fromNs, toNs);
  const slots = Array.from({ length: end - first }, (_, index) => series.at(first + index)).filter(
    ({ outcome }) => outcome !== 'aborted',
  );
  // A number counts whatever the probe makes of it: pods that are unavailable are a failure, and how many they are.
  const values = slots.flatMap(({ value }) => value ?? []);
  return values.length === 0
    ? null
    : {
        highest: values.reduce((a, b) => Math.max(a, b)),
        count: values.length,
        without: slots.length - values.length,
      };
}

/** The same, and where the probe looks less often than the stretch is long, the last value before its end. */
export function valuesUpTo(series: SlotSeries, window: Interval): WindowValues | null {
  const inside = windowValues(series, window);
  if (inside !== null) return inside;
  const { end } = slotRange(series, 0, window.toNs);
  for (let index = end - 1; index >= 0; index--) {
    const { value, endNs } = series.at(index);
    if (value !== null && endNs <= window.toNs) return { highest: value, count: 1, without: 0 };
  }
  return null;
}
