import type { SlotOutcome } from './events.ts';
import { type Recovery, recoveryInterval } from './recovery.ts';
import { planOf, slotsOf, timelineOf } from './testing.ts';
import type { SlotSeries } from './timeline.ts';

export const rule = { holdMs: 300, successRatio: 1, latencyMs: null };
export const letters: Readonly<Record<string, SlotOutcome>> = {
  '.': 'ok',
  x: 'failed',
  L: 'late',
  u: 'unsent',
  a: 'aborted',
};

/** One letter a slot of 100 ms: `.` ok, `x` failed, `L` late, `u` unsent, `a` aborted. */
export function seriesOf(text: string): SlotSeries {
  const outcome = (dueMs: number) => letters[text[dueMs / 100] as string] as SlotOutcome;
  return timelineOf(planOf(), slotsOf({ untilMs: text.length * 100, outcome })).series.get(
    'api',
  ) as SlotSeries;
}

export const recoveryOf = (text: string, changes: Partial<typeof rule> = {}, fromMs = 0): Recovery =>
  recoveryInterval(seriesOf(text), { ...rule, ...changes }, fromMs * 1e6);

export const recovered = (afterMs: number, beforeMs: number, heldMs: number): Recovery => ({
  kind: 'recovered',
  afterNs: afterMs * 1e6,
  beforeNs: beforeMs * 1e6,
  heldNs: heldMs * 1e6,
});
