import { describe, expect, it } from 'vitest';
import type { SlotOutcome } from '../timeline/events.ts';
import type { SlotSeries } from '../timeline/timeline.ts';
import { countSlots, slotRuns } from './slots.ts';

function series(outcomes: readonly SlotOutcome[], periodNs = 10): SlotSeries {
  return {
    probe: 'p',
    t0Ns: 0,
    periodNs,
    deadlineNs: 100,
    length: outcomes.length,
    at: (slot) => ({
      slot,
      dueNs: slot * periodNs,
      sentNs: slot * periodNs,
      endNs: slot * periodNs + 1,
      outcome: outcomes[slot] ?? 'ok',
      value: null,
      detail: null,
    }),
  };
}

const ok = (count: number): SlotOutcome[] => new Array(count).fill('ok');

describe('countSlots', () => {
  it('counts each outcome', () => {
    expect(countSlots(series(['ok', 'late', 'failed', 'ok', 'unsent', 'aborted']))).toEqual({
      ok: 2,
      late: 1,
      failed: 1,
      unsent: 1,
      aborted: 1,
    });
  });
});

describe('slotRuns', () => {
  it('joins columns that look the same', () => {
    const outcomes: SlotOutcome[] = [...ok(40), ...new Array(20).fill('failed'), ...ok(40)];
    expect(slotRuns(series(outcomes), { fromNs: 0, toNs: 1000 }, 100)).toEqual([
      { outcome: 'ok', quarters: 4, from: 0, to: 0.4 },
      { outcome: 'failed', quarters: 4, from: 0.4, to: 0.6 },
      { outcome: 'ok', quarters: 4, from: 0.6, to: 1 },
    ]);
  });

  it('shows one failure among a hundred thousand', () => {
    const outcomes = ok(100_000);
    outcomes[50_000] = 'failed';
    const runs = slotRuns(series(outcomes), { fromNs: 0, toNs: 1_000_000 }, 100);
    expect(runs.map((run) => [run.outcome, run.quarters])).toEqual([
      ['ok', 4],
      ['failed', 1],
      ['ok', 4],
    ]);
  });

  it('never makes more runs than columns', () => {
    const flapping = ok(10_000).map((_, slot): SlotOutcome => (slot % 2 === 0 ? 'ok' : 'failed'));
    expect(slotRuns(series(flapping), { fromNs: 0, toNs: 100_000 }, 50).length).toBeLessThanOrEqual(50);
  });

  it('draws rare slots as wide as their period, and nothing before the first', () => {
    const runs = slotRuns(series(['ok', 'failed', 'ok'], 250), { fromNs: -250, toNs: 750 }, 100);
    expect(runs.map((run) => [run.outcome, run.from, run.to])).toEqual([
      ['ok', 0.25, 0.5],
      ['failed', 0.5, 0.75],
      ['ok', 0.75, 1],
    ]);
  });
});
