import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedStage } from '../definition/plan.ts';
import type { Condition } from '../definition/scenario.ts';
import type { SlotOutcome } from './events.ts';
import { markNs } from './marks.ts';
import { beginOf, namedMark } from './named-marks.ts';
import type { Recovery } from './recovery.ts';
import { failingIn, mark, planOf, runMarks, slotsOf, timelineOf } from './testing.ts';
import type { SlotSeries } from './timeline.ts';

const closed: Condition = { probe: 'api', is: 'failing', for: 300 };
const letters: Readonly<Record<string, SlotOutcome>> = { o: 'ok', x: 'failed', u: 'unsent' };

/** One letter a slot of 100 ms: `o` ok (the door is open), `x` failed (it is closed), `u` unsent. */
const seriesOf = (text: string): SlotSeries =>
  timelineOf(
    planOf(),
    slotsOf({
      untilMs: text.length * 100,
      outcome: (due) => letters[text[due / 100] as string] as SlotOutcome,
    }),
  ).series.get('api') as SlotSeries;

const beganBy = (text: string, untilMs = text.length * 100): Recovery =>
  beginOf(closed, seriesOf(text), untilMs * 1e6);
const began = (afterMs: number, beforeMs: number, heldMs: number): Recovery => ({
  kind: 'recovered',
  afterNs: afterMs * 1e6,
  beforeNs: beforeMs * 1e6,
  heldNs: heldMs * 1e6,
});

describe('the begin of a condition', () => {
  it('lies between the start of the last slot that showed the opposite and the end of the first of the streak', () => {
    expect(beganBy('oooxxxxxx')).toEqual(began(200, 305, 605));
  });

  it('is the last one before it was seen: a door that opened again was not closed', () => {
    expect(beganBy('ooxxxxxooxxxxx')).toEqual(began(800, 905, 1205));
    expect(beganBy('ooxxxxxooxxxxx', 600)).toEqual(began(100, 205, 505));
  });

  it('wants the whole streak, also with slots that are due after it was seen', () => {
    expect(beganBy('ooxxxx', 400)).toEqual(began(100, 205, 505));
    expect(beganBy('ooxxx')).toEqual({ kind: 'censored', sinceNs: 100e6 });
    expect(beganBy('ooxxxo', 400)).toEqual({ kind: 'censored', sinceNs: 100e6 });
  });

  it('is wider by an unsent slot, and unknown with more', () => {
    expect(beganBy('ooouxxxxx')).toEqual(began(200, 405, 705));
    expect(beganBy('oooxuxxxx')).toEqual(began(200, 505, 805));
    expect(beganBy('ooouuxxxxx').kind).toBe('unknown');
  });

  it('does not become wider by what was not sent long after', () => {
    expect(beganBy('oooxxxxxuxxxx')).toEqual(began(200, 305, 605));
  });

  it('is none where the condition held all along', () => {
    expect(beganBy('xxxxxxx')).toEqual({ kind: 'never-failed' });
  });

  it('takes a slot without a number for one that shows nothing', () => {
    const events = slotsOf({
      untilMs: 1000,
      outcome: failingIn([300, 600]),
      value: (due) => (due < 300 ? 0 : due >= 600 ? 7 : undefined),
    });
    const series = timelineOf(planOf(), events).series.get('api') as SlotSeries;
    expect(beginOf({ probe: 'api', above: 5 }, series, 1000e6)).toEqual(began(200, 605, 605));
  });

  it('has the truth in its interval, whatever the pace and the door', () => {
    const cases = fc.record({
      periodMs: fc.integer({ min: 5, max: 150 }),
      openMs: fc.double({ min: 100, max: 1000, noNaN: true }),
      openForMs: fc.double({ min: 400, max: 2000, noNaN: true }),
      takesMs: fc.double({ min: 0.1, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ periodMs, openMs, openForMs, takesMs }) => {
        const closedMs = openMs + openForMs;
        const outcome = (due: number): SlotOutcome => (due >= openMs && due < closedMs ? 'ok' : 'failed');
        const events = slotsOf({ untilMs: 6000, periodMs, takesMs, outcome });
        const series = timelineOf(planOf(), events).series.get('api') as SlotSeries;
        const found = beginOf(closed, series, 5e9);
        expect(found.kind).toBe('recovered');
        if (found.kind !== 'recovered') return;
        expect(found.afterNs).toBeLessThanOrEqual(closedMs * 1e6);
        expect(found.beforeNs).toBeGreaterThanOrEqual(closedMs * 1e6);
        expect(found.beforeNs - found.afterNs).toBeLessThanOrEqual((periodMs + takesMs) * 1e6 + 1);
      }),
    );
  });
});

describe('a mark of the drill', () => {
  const until: PlannedStage = {
    kind: 'until',
    condition: [closed, { probe: 'side', is: 'failing' }],
    withinMs: 10_000,
    as: 'contained',
  };
  const plan = planOf({ stages: [{ kind: 'inject', fault: 'crash' }, until] });
  const doors = (apiMs: number, sideMs: number) => [
    ...runMarks().filter(({ type }) => type !== 'condition.met'),
    mark(15_000, { type: 'condition.met', condition: 'all closed', purpose: 'until', sinceNs: 0 }),
    ...slotsOf({ untilMs: 18_000, outcome: failingIn([apiMs, 99_000]) }),
    ...slotsOf({ probe: 'side', untilMs: 18_000, outcome: failingIn([sideMs, 99_000]) }),
  ];

  it('is when the last of several conditions began to hold', () => {
    expect(markNs(timelineOf(plan, doors(7000, 9000)), plan, 'contained')).toEqual({
      fromNs: 8900e6,
      toNs: 9005e6,
    });
  });

  it('leaves out a door that was never open, and is none where none was', () => {
    expect(markNs(timelineOf(plan, doors(7000, 0)), plan, 'contained')).toMatchObject({ fromNs: 6900e6 });
    expect(namedMark(timelineOf(plan, doors(0, 0)), plan, 'contained')).toEqual({ kind: 'never-failed' });
  });

  it('did not happen where the run did not get to its stage, and is not known without its probe', () => {
    expect(namedMark(timelineOf(plan, []), plan, 'contained')).toBeNull();
    expect(namedMark(timelineOf(plan, runMarks()), plan, 'contained')?.kind).toBe('unknown');
  });
});
