import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../timeline/events.ts';
import { planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { attempted, procedureOf, runbookOf, running } from './runbook-samples.ts';
import { findingsOf, outageRun } from './testing.ts';
import { updates } from './updates.ts';

interface Course {
  readonly told?: boolean;
  readonly peopleMs?: number;
  readonly failing?: readonly [number, number] | null;
}

/** The outage is from 5 s to 8 s; its only update ends at 6.5 s. */
function judgedUpdates(everyMs: number, { told = true, peopleMs = 0, failing = [5000, 8000] }: Course = {}) {
  const plan = planOf({
    runbook: runbookOf('2031-01-01'),
    updates: { teams: { text: 'every so often', everyMs, lines: { from: 30, to: 30 }, steps: ['step-1'] } },
    stages: [
      { kind: 'inject', fault: 'crash' },
      procedureOf([running({ peopleMs })]),
      { kind: 'until', condition: 'recovered', withinMs: 20_000 },
    ],
  });
  const outage =
    failing === null
      ? [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: () => 'ok' })]
      : outageRun(failing);
  return findingsOf(updates, [...outage, ...(told ? attempted('as-written') : [])], plan);
}

describe('updates', () => {
  it('passes where no gap is longer than promised: to the first, between them, and to the end', () => {
    expect(judgedUpdates(1700)).toMatchObject([
      { status: 'pass', rule: 'updates', where: 'database.md:30', figures: { updates: 'teams', told: 1 } },
    ]);
  });

  it.each([
    ['before the first update', [5000, 7500], 1500, '1.5s before the first update'],
    ['after the last update', [5000, 9000], 2505, 'at most 2.51s after the last update'],
  ] as const)('fails the gap %s', (_, failing, longestMs, words) => {
    const [finding] = judgedUpdates(1400, { failing });
    expect(finding).toMatchObject({ status: 'fail', figures: { longestMs } });
    expect(finding?.message).toContain(`not kept, nobody was told for ${words}`);
  });

  it('fails the gap between two updates', () => {
    const plan = planOf({
      runbook: runbookOf('2031-01-01'),
      updates: { teams: { text: 'x', everyMs: 1400, lines: { from: 30, to: 30 }, steps: ['step-1'] } },
      stages: [
        { kind: 'inject', fault: 'crash' },
        procedureOf([running()]),
        procedureOf([running()], { name: 'again' }),
      ],
    });
    const second = attempted('as-written').map((mark) => ({
      ...mark,
      procedure: 'again',
      atNs: mark.atNs + 2500e6,
    })) as JournalEvent[];
    const events = [...outageRun([5000, 9500]), ...attempted('as-written'), ...second];
    const [finding] = findingsOf(updates, events, plan);
    expect(finding).toMatchObject({ status: 'fail', figures: { told: 2, longestMs: 2500 } });
    expect(finding?.message).toContain('2.5s between two updates');
  });

  it('fails where nobody was told in all of the outage', () => {
    const [finding] = judgedUpdates(2900, { told: false });
    expect(finding).toMatchObject({ status: 'fail', figures: { told: 0 } });
    expect(finding?.message).toContain('at most 3.01s in all of the outage');
  });

  it('has nothing to tell of an outage that nobody noticed', () => {
    const [finding] = judgedUpdates(1, { failing: null });
    expect(finding?.status).toBe('pass');
    expect(finding?.message).toContain(
      'there was nothing to tell; no update in the outage, no client noticed',
    );
  });

  it('does not count an update whose command failed', () => {
    const plan = planOf({
      runbook: runbookOf('2031-01-01'),
      updates: { teams: { text: 'x', everyMs: 2900, lines: { from: 30, to: 30 }, steps: ['step-1'] } },
      stages: [{ kind: 'inject', fault: 'crash' }, procedureOf([running()])],
    });
    const failed = [...outageRun(), ...attempted('as-written', { exitCode: 1 })];
    expect(findingsOf(updates, failed, plan)).toMatchObject([{ figures: { told: 0 } }]);
  });

  it('adds the time that people take, which nobody sleeps', () => {
    expect(judgedUpdates(60_000, { peopleMs: 61_000 })).toMatchObject([{ status: 'fail' }]);
    expect(judgedUpdates(63_000, { peopleMs: 61_000 })).toMatchObject([{ status: 'pass' }]);
  });

  it('is open as long as nobody saw the end of the outage', () => {
    expect(judgedUpdates(60_000, { failing: [5000, 20_000] })).toMatchObject([{ status: 'inconclusive' }]);
    expect(judgedUpdates(9000, { failing: [5000, 20_000] })[0]?.message).toContain(
      'more than 13.4s after the last update',
    );
  });
});
