import { describe, expect, it } from 'vitest';
import { planOf } from '../timeline/testing.ts';
import { attempted, procedureOf, runbookOf, running } from './runbook-samples.ts';
import { findingsOf, outageRun } from './testing.ts';
import { updates } from './updates.ts';

interface Course {
  readonly told?: boolean;
  readonly peopleMs?: number;
  readonly failing?: readonly [number, number];
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
  return findingsOf(updates, [...outageRun(failing), ...(told ? attempted('as-written') : [])], plan);
}

describe('updates', () => {
  it('passes where no gap is longer than promised: to the first, between them, and to the end', () => {
    expect(judgedUpdates(1700)).toMatchObject([
      { status: 'pass', rule: 'updates', where: 'database.md:30', figures: { updates: 'teams', told: 1 } },
    ]);
  });

  it('fails the gap before the first update', () => {
    expect(judgedUpdates(1400)).toMatchObject([{ status: 'fail', figures: { longestMs: 1505 } }]);
  });

  it('fails where nobody was told in all of the outage', () => {
    expect(judgedUpdates(2900, { told: false })).toMatchObject([{ status: 'fail', figures: { told: 0 } }]);
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
  });
});
