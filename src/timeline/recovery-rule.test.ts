import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotEvent, SlotOutcome } from './events.ts';
import { letters, recoveryOf, rule } from './lettered-slots.ts';
import { type Recovery, RecoveryTracker, recoveryInterval } from './recovery.ts';
import { planOf, slotsOf, timelineOf } from './testing.ts';
import type { SlotSeries } from './timeline.ts';

/** The rule as its definition reads, over all windows: slow, and obviously right. */
function byDefinition(text: string, slots: number, ratio: number): Recovery['kind'] {
  const firstFailure = text.search(/[xL]/);
  if (firstFailure === -1) return text.includes('u') ? 'unknown' : 'never-failed';
  const windows = Array.from(
    { length: Math.max(0, text.length - slots - firstFailure) },
    (_, i) => i + firstFailure + 1,
  )
    .map((start) => ({ start, window: text.slice(start, start + slots) }))
    .filter(({ window }) => !/^[xL]/.test(window))
    .filter(({ window }) => window.replaceAll(/[.u]/g, '').length <= slots * (1 - ratio) + 1e-9);
  const first = windows[0];
  if (first === undefined) return 'censored';
  const known = windows.find(({ window }) => !window.includes('u'));
  if (known === undefined) return 'unknown';
  const unknown = text.slice(first.start, known.start).replaceAll(/[^u]/g, '').length;
  return unknown > Math.max(1, Math.floor(slots * 0.05)) ? 'unknown' : 'recovered';
}

const histories = fc.string({ unit: fc.constantFrom('.', '.', '.', 'x', 'x', 'L', 'u'), maxLength: 60 });

describe('the rule', () => {
  it('holds whatever the unsent slots would have been', () => {
    const unit = fc.constantFrom(...'.'.repeat(30), 'x', 'u', 'u');
    const history = fc.string({ unit, minLength: 30, maxLength: 120 });
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.constantFrom('.', 'x')), (rest, fill) => {
        const text = `x${rest}`;
        const found = recoveryOf(text, { holdMs: 1900 });
        if (found.kind !== 'recovered') return;
        const filled = recoveryOf(
          text.replaceAll('u', () => fill.next().value),
          { holdMs: 1900 },
        );
        expect(filled.kind).toBe('recovered');
        if (filled.kind !== 'recovered') return;
        expect(filled.afterNs).toBeGreaterThanOrEqual(found.afterNs);
        expect(filled.beforeNs).toBeLessThanOrEqual(found.beforeNs);
      }),
    );
  });

  it('is what its definition says, in any history', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom(1, 0.8, 0.5), (text, successRatio) => {
        expect(recoveryOf(text, { successRatio }).kind).toBe(byDefinition(text, 4, successRatio));
      }),
    );
  });

  it('is the same slot by slot, in whatever order slots complete', () => {
    const cases = fc
      .tuple(histories, fc.nat(5000), fc.constantFrom(1, 0.8))
      .chain(([text, fromMs, ratio]) => {
        const slots = slotsOf({
          untilMs: text.length * 100,
          takesMs: 150,
          outcome: (due) => letters[text[due / 100] as string] as SlotOutcome,
        }).slice(1) as SlotEvent[];
        const fed = slots.filter((slot) => slot.dueNs >= fromMs * 1e6 || slot.endNs >= fromMs * 1e6);
        return fc.record({
          slots: fc.constant(slots),
          fed: fc.shuffledSubarray(fed, { minLength: fed.length }),
          fromMs: fc.constant(fromMs),
          ratio: fc.constant(ratio),
        });
      });
    fc.assert(
      fc.property(cases, ({ slots, fed, fromMs, ratio }) => {
        const started = slotsOf({ untilMs: 0, outcome: () => 'ok' });
        const series = timelineOf(planOf(), [...started, ...slots]).series.get('api') as SlotSeries;
        const asked = { ...rule, successRatio: ratio };
        const tracker = new RecoveryTracker(series, asked, fromMs * 1e6);
        for (const { slot, dueNs, sentNs, endNs, outcome } of fed)
          tracker.add({ slot, dueNs, sentNs, endNs, outcome, value: null, detail: null });
        const batch = recoveryInterval(series, asked, fromMs * 1e6);
        expect(tracker.result()).toEqual(batch);
        if (batch.kind === 'recovered') expect(tracker.recovered).toBe(true);
        if (batch.kind === 'censored' || batch.kind === 'never-failed') expect(tracker.recovered).toBe(false);
      }),
    );
  });
});
