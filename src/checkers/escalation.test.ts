import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Escalation } from '../runbook/runbook.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { failingIn, mark, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { escalation } from './escalation.ts';
import { performing, runbookOf } from './runbook-samples.ts';
import { findingsOf, outageRun } from './testing.ts';

const lines = { from: 7, to: 7 };
const limit = (afterMs: number | null, to = 'Team Lead'): Escalation => ({
  to,
  afterMs,
  reason: 'too long',
  lines,
});
const planWith = (escalations: readonly Escalation[], people = 0) =>
  planOf({
    runbook: {
      ...runbookOf(),
      escalations,
      intervals: [{ text: 'every 2 seconds', everyMs: 2000, lines }],
    },
    stages: [{ kind: 'inject', fault: 'crash' }, performing({ peopleMs: people })],
  });
const performed = [
  mark(5500, { type: 'step.start', step: 'step-1', procedure: 'fix', attempt: 'performed', command: 'true' }),
];

const reached = (events: readonly JournalEvent[], limits: readonly Escalation[], people = 0) =>
  findingsOf(escalation, events, planWith(limits, people)).flatMap(({ figures }) => figures?.reached ?? []);

describe('escalation limits', () => {
  it('count from the fault to the upper end of recovery, and to that with people', () => {
    const limits = [limit(3000), limit(3200), limit(3300)];
    expect(reached(outageRun(), limits)).toEqual(['reached', 'not-reached', 'not-reached']);
    expect(reached([...outageRun(), ...performed], limits, 200)).toEqual([
      'reached',
      'with-people',
      'not-reached',
    ]);
  });

  it('are not known where nobody saw the end, and reached where it had lasted longer by then', () => {
    expect(reached(outageRun([5000, 99_000]), [limit(3000), limit(60_000)])).toEqual([
      'reached',
      'not-known',
    ]);
  });

  it('are none of a fault that no client noticed, and of a run that broke nothing', () => {
    const unnoticed = [...runMarks({ symptom: false }), ...slotsOf({ untilMs: 20_000, outcome: () => 'ok' })];
    expect(reached(unnoticed, [limit(1)])).toEqual(['not-reached']);
    expect(
      findingsOf(escalation, slotsOf({ untilMs: 900, outcome: failingIn() }), planWith([limit(1)])),
    ).toEqual([]);
  });

  it('are facts: no verdict depends on them', () => {
    const all = findingsOf(escalation, outageRun(), planWith([limit(0), limit(3000), limit(null)]));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['pass']));
    expect(all.map(({ rule }) => rule)).toEqual([
      'escalation.limit',
      'escalation.limit',
      'escalation.untimed',
      'escalation.updates',
    ]);
    expect(all[1]).toMatchObject({
      message: 'Team Lead (too long): the limit of 3s was reached; the outage was at most 3.01s.',
      where: 'database.md:7',
    });
  });

  it('say whether the time of who is called first was enough', () => {
    const [enough] = findingsOf(escalation, outageRun(), planWith([{ ...limit(0), untilMs: 4000 }]));
    const [short] = findingsOf(escalation, outageRun(), planWith([{ ...limit(0), untilMs: 2000 }]));
    expect(enough?.message).toContain('called at once, and their time was enough');
    expect(short?.message).toContain('called at once, and their time was not enough');
  });

  it('are reached in the order of their times, whatever the outage', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 1, maxLength: 6 }),
        (slots, times) => {
          const sorted = times.toSorted((a, b) => a - b);
          const run = outageRun([5000, 5000 + slots * 100]);
          const found = reached(
            run,
            sorted.map((afterMs) => limit(afterMs)),
          );
          expect(found).toEqual(found.toSorted((a, b) => (a === b ? 0 : a === 'reached' ? -1 : 1)));
          expect(found.filter((one) => one === 'reached')).toHaveLength(
            sorted.filter((ms) => ms <= slots * 100 + 5).length,
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('updates', () => {
  it('are as many as the outage would have asked for', () => {
    const of = (events: readonly JournalEvent[], people = 0) =>
      findingsOf(escalation, events, planWith([], people)).find(({ rule }) => rule === 'escalation.updates');
    expect(of(outageRun())?.figures).toMatchObject({ updates: 1, updatesWithPeople: 1 });
    expect(of([...outageRun(), ...performed], 60_000)?.figures).toMatchObject({
      updates: 1,
      updatesWithPeople: 31,
    });
    expect(of(outageRun([5000, 99_000]))?.message).toContain('at least 7 updates');
  });
});
