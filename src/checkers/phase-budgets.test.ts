import { describe, expect, it } from 'vitest';
import { mark, planOf } from '../timeline/testing.ts';
import { runbook } from './runbook.ts';
import { attempted, procedureOf, runbookOf, running } from './runbook-samples.ts';
import { findingsOf } from './testing.ts';

describe('the budget of a phase', () => {
  const phases = (toMs: number) => [
    { ordinal: 1, name: 'ASSESS', budget: { fromMs: 0, toMs } },
    { ordinal: 2, name: 'VERIFY', budget: { fromMs: 0, toMs: 1 } },
    { ordinal: 3, name: 'LATER', budget: null },
  ];
  const budget = (toMs: number, peopleMs = 0) => {
    const stages = [procedureOf([running({ peopleMs })], { phases: phases(toMs) })];
    const events = [
      mark(5500, { type: 'procedure.start', procedure: 'fix' }),
      ...attempted('as-written'),
      mark(7000, { type: 'procedure.end', procedure: 'fix' }),
    ];
    return findingsOf(runbook, events, planOf({ stages, runbook: runbookOf() })).filter(
      ({ rule }) => rule === 'runbook.budget',
    );
  };

  it('is kept or broken by what the phase took, people included', () => {
    expect(budget(1000)).toMatchObject([{ status: 'pass', figures: { phase: 1, elapsedMs: 1000 } }]);
    expect(budget(999)).toMatchObject([{ status: 'fail' }]);
    expect(budget(2000, 60_000)).toMatchObject([
      { status: 'fail', figures: { elapsedMs: 61_000, machineMs: 1000, peopleMs: 60_000 } },
    ]);
  });
});
