import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotOutcome } from './events.ts';
import { letters, recovered, recoveryOf, rule, seriesOf } from './lettered-slots.ts';
import { allRecovered, type Recovery, RecoveryTracker, recoveryInterval } from './recovery.ts';
import { planOf, slotsOf, timelineOf } from './testing.ts';
import type { Slot, SlotSeries } from './timeline.ts';

describe('recoveryInterval', () => {
  it('lies between the start of the last failure and the end of the first success of the window', () => {
    expect(recoveryOf('..xxx....')).toEqual(recovered(400, 505, 800));
  });

  it('wants the whole hold: its last slot is due at its end', () => {
    expect(recoveryOf('..xxx...')).toEqual({ kind: 'censored', sinceNs: 400e6 });
  });

  it('takes a late success for a failure', () => {
    expect(recoveryOf('..xxL....')).toEqual(recovered(400, 505, 800));
  });

  it('takes a success over the latency for a failure, counted from when the slot was due', () => {
    expect(recoveryOf('..x.....', { latencyMs: 5 as never })).toEqual(recovered(200, 305, 600));
    expect(recoveryOf('..x.....', { latencyMs: 4 as never })).toEqual({ kind: 'censored', sinceNs: 700e6 });
  });

  it('does not take a window that is broken for a recovery', () => {
    expect(recoveryOf('.xx..x...x....')).toEqual(recovered(900, 1005, 1300));
  });

  it('allows as many failures as the ratio does', () => {
    expect(recoveryOf('.xx.x...', { holdMs: 400, successRatio: 0.8 })).toEqual(recovered(200, 305, 700));
    expect(recoveryOf('.xx.x.x.....', { holdMs: 400, successRatio: 0.8 })).toEqual(recovered(400, 505, 900));
  });

  it('is censored since the last failure before it might have begun', () => {
    expect(recoveryOf('.xxxx')).toEqual({ kind: 'censored', sinceNs: 400e6 });
    expect(recoveryOf('.xx.x.x.', { holdMs: 400, successRatio: 0.8 })).toEqual({
      kind: 'censored',
      sinceNs: 400e6,
    });
  });

  it('knows when no slot failed', () => {
    expect(recoveryOf('......')).toEqual({ kind: 'never-failed' });
    expect(recoveryOf('xx....', {}, 200)).toEqual({ kind: 'never-failed' });
  });

  it.each([
    ['two unsent slots in the window', '.xx..uu....'],
    ['two where the window might begin', '.xxuu......'],
    ['one anywhere, where nothing failed', '...u....'],
    ['one in the window, and no window after it', '.xx..u..'],
  ])('does not know with %s', (_where, text) => {
    expect(recoveryOf(text).kind).toBe('unknown');
  });

  it.each([
    ['a lone unsent slot', '...u....', true],
    ['two beside each other', '...uu...', undefined],
    ['two of a few', '..u..u..', undefined],
    ['two of very many', `..u..u${'.'.repeat(40)}`, true],
  ])('where nothing failed, may have missed something brief with %s', (_, text, brief) => {
    const recovery = recoveryOf(text);
    expect(recovery.kind === 'unknown' && recovery.brief).toBe(brief);
  });

  it('is less sharp with one unsent slot: from the first window that could be, to the first that is', () => {
    expect(recoveryOf('.xx..u....')).toEqual(recovered(200, 605, 900));
    expect(recoveryOf('.xxu......')).toEqual(recovered(200, 405, 700));
    const long = { holdMs: 1900 };
    const held = '.'.repeat(20);
    expect(recoveryOf(`.xx..u${held}`, long)).toEqual(recovered(200, 605, 2500));
    expect(recoveryOf(`.xxu${held}`, long)).toEqual(recovered(200, 405, 2300));
    expect(recoveryOf(`.xx..uu${held}`, long).kind).toBe('unknown');
    expect(recoveryOf(`.xx..u${held}`.slice(0, -1), long).kind).toBe('unknown');
  });

  it('knows in spite of an unsent slot that decides nothing', () => {
    expect(recoveryOf('.xuxx.....')).toEqual(recovered(400, 505, 800));
    expect(recoveryOf('u.xx.....')).toEqual(recovered(300, 405, 700));
    expect(recoveryOf('.xx.....u.')).toEqual(recovered(200, 305, 600));
    expect(recoveryOf('.xx.ux....')).toEqual(recovered(500, 605, 900));
  });

  it('ends its observation with the run', () => {
    expect(recoveryOf('.xx...a.')).toEqual({ kind: 'censored', sinceNs: 200e6 });
    expect(recoveryInterval(seriesOf('.xx.....'), rule, 0, 600e6)).toEqual({
      kind: 'censored',
      sinceNs: 200e6,
    });
    expect(recoveryInterval(seriesOf('.xx.....'), rule, 0, 601e6)).toEqual(recovered(200, 305, 600));
  });

  it('counts a failure that was in flight when the fault struck', () => {
    const outcome = (dueMs: number): SlotOutcome => (dueMs === 200 ? 'failed' : 'ok');
    const series = timelineOf(planOf(), slotsOf({ untilMs: 1000, takesMs: 250, outcome })).series.get(
      'api',
    ) as SlotSeries;
    expect(recoveryInterval(series, rule, 350e6)).toEqual(recovered(200, 650, 700));
    expect(recoveryInterval(series, rule, 460e6)).toEqual({ kind: 'never-failed' });
  });

  it('has the truth in its interval, whatever the outage and the pace', () => {
    const cases = fc.record({
      periodMs: fc.integer({ min: 5, max: 200 }),
      downMs: fc.double({ min: 1000, max: 2000, noNaN: true }),
      lengthMs: fc.double({ min: 300, max: 3000, noNaN: true }),
      takesMs: fc.double({ min: 0.1, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ periodMs, downMs, lengthMs, takesMs }) => {
        const upMs = downMs + lengthMs;
        const events = slotsOf({
          untilMs: 8000,
          periodMs,
          takesMs,
          outcome: (due) => (due + takesMs >= downMs && due < upMs ? 'failed' : 'ok'),
        });
        const found = recoveryInterval(
          timelineOf(planOf(), events).series.get('api') as SlotSeries,
          { ...rule, holdMs: 500 },
          downMs * 1e6,
        );
        expect(found.kind).toBe('recovered');
        if (found.kind !== 'recovered') return;
        expect(found.afterNs).toBeLessThanOrEqual(upMs * 1e6);
        expect(found.beforeNs).toBeGreaterThanOrEqual(upMs * 1e6);
        expect(found.beforeNs - found.afterNs).toBeLessThanOrEqual((periodMs + takesMs) * 1e6 + 1);
      }),
    );
  });
});

describe('RecoveryTracker', () => {
  it('tells at once when the hold is full, and not before', () => {
    const tracker = new RecoveryTracker(seriesOf(''), rule, 0);
    const told = [...'.xx....'].map((letter, slot) => {
      tracker.add({
        slot,
        dueNs: slot * 1e8,
        sentNs: slot * 1e8,
        endNs: slot * 1e8 + 1,
        outcome: letters[letter] as SlotOutcome,
        value: null,
        detail: null,
      } satisfies Slot);
      return tracker.recovered;
    });
    expect(told).toEqual([false, false, false, false, false, false, true]);
  });

  it('goes on to a window that is known where the first that might be is not', () => {
    const series = seriesOf('.xx.uu......');
    const tracker = new RecoveryTracker(series, rule, 0);
    for (let index = 0; index < series.length; index++) tracker.add(series.at(index));
    expect(tracker.recovered).toBe(true);
    expect(tracker.result().kind).toBe('unknown');
  });
});

describe('allRecovered', () => {
  const never: Recovery = { kind: 'never-failed' };
  const unknown: Recovery = { kind: 'unknown', reason: 'why' };
  const brief: Recovery = { ...unknown, brief: true };
  it('is the later of both ends', () => {
    expect(allRecovered([recovered(1, 5, 9), never, recovered(2, 4, 8)])).toEqual(recovered(2, 5, 9));
  });
  it('is what the others show where one may have failed in a lone unsent slot at most', () => {
    expect(allRecovered([recovered(1, 5, 9), brief])).toEqual(recovered(1, 5, 9));
  });
  it('is the worst of what is known', () => {
    expect(
      allRecovered([
        recovered(1, 5, 9),
        unknown,
        { kind: 'censored', sinceNs: 3 },
        { kind: 'censored', sinceNs: 7 },
      ]),
    ).toEqual({ kind: 'censored', sinceNs: 7 });
    expect(allRecovered([recovered(1, 5, 9), unknown])).toEqual(unknown);
    expect(allRecovered([never, brief])).toEqual(brief);
    expect(allRecovered([never, never])).toEqual(never);
  });
});
