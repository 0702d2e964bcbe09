import { describe, expect, it } from 'vitest';
import type { Criterion } from '../definition/drill.ts';
import type { SlotOutcome } from '../timeline/events.ts';
import { mark, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { criteria } from './criteria.ts';
import { runbookOf } from './runbook-samples.ts';
import { findingsOf, outageRun, statusOf, without } from './testing.ts';

const healthy: Criterion = { criterion: 'All services respond', check: { probes: ['api'], are: 'healthy' } };
const errors: Criterion = {
  criterion: 'Error rate is normal',
  check: { probes: ['api'], 'errors-below': 'baseline' },
};
const verified: Criterion = { criterion: 'A replica streams', check: { name: 'x', probe: 'replicas' } };
const unchecked: Criterion = {
  criterion: 'Customers are told',
  check: { 'not-checked': 'nobody is told in a drill' },
};

const statusFor = (criterion: Criterion, events = outageRun()) =>
  statusOf(findingsOf(criteria, events, planOf({ criteria: [criterion] })), 'criterion');
const settling = (outcome: (dueMs: number) => SlotOutcome) => [
  ...runMarks(),
  ...slotsOf({ untilMs: 20_000, outcome }),
];

describe('criteria', () => {
  it('wants every slot of the settle phase healthy', () => {
    expect(statusFor(healthy)).toEqual(['pass']);
    expect(statusFor(healthy, outageRun([18_500, 18_600]))).toEqual(['fail']);
    expect(statusFor(healthy, outageRun([17_000, 17_900]))).toEqual(['pass']);
    expect(
      statusFor(
        healthy,
        settling((due) => (due === 19_000 ? 'unsent' : 'ok')),
      ),
    ).toEqual(['inconclusive']);
  });

  it('compares errors with the baseline', () => {
    expect(statusFor(errors)).toEqual(['pass']);
    expect(statusFor(errors, outageRun([18_500, 18_600]))).toEqual(['fail']);
    expect(statusFor(errors, outageRun([2500, 2900], [18_500, 18_600]))).toEqual(['pass']);
    expect(statusFor(errors, without(outageRun(), 'steady.met'))).toEqual(['inconclusive']);
  });

  it('does not take requests that were not sent for ones without an error', () => {
    const mostlyUnsent = settling((due) => (due > 18_500 ? 'unsent' : 'ok'));
    expect(statusFor(errors, mostlyUnsent)).toEqual(['inconclusive']);
    const failedOnce = settling((due) => (due === 18_500 ? 'failed' : due > 18_500 ? 'unsent' : 'ok'));
    expect(statusFor(errors, failedOnce)).toEqual(['fail']);
  });

  it('is inconclusive where nothing was recorded in the settle phase', () => {
    expect(statusFor(healthy, runMarks())).toEqual(['inconclusive']);
    expect(statusFor(healthy, without(outageRun(), 'phase.end'))).toEqual(['inconclusive']);
  });

  it.each([
    [true, 'pass'],
    [false, 'fail'],
    [null, 'inconclusive'],
  ] as const)('takes what a look at the state saw: %s', (ok, status) => {
    const seen = mark(19_000, { type: 'criterion', criterion: verified.criterion, ok, observed: '1' });
    expect(statusFor(verified, [...outageRun(), seen])).toEqual([status]);
  });

  it('is inconclusive where nobody looked', () => {
    expect(statusFor(verified)).toEqual(['inconclusive']);
  });

  it('says what is not checked, and what of the runbook the drill does not name', () => {
    const runbook = {
      ...runbookOf(),
      criteria: [healthy, unchecked, verified].map(({ criterion }, index) => ({
        text: `${criterion}.`,
        lines: { from: 40 + index, to: 40 + index },
      })),
    };
    const findings = findingsOf(criteria, outageRun(), planOf({ criteria: [healthy, unchecked], runbook }));
    expect(findings.map(({ message }) => message)).toEqual([
      'Criterion "All services respond": met, 20 requests of the settle phase succeeded.',
      'Criterion "Customers are told": not checked by this drill (nobody is told in a drill).',
      '1 criterion checked, 1 criterion of the runbook not named by the drill.',
    ]);
    expect(findings[0]?.where).toBe('database.md:40');
    expect(findings[2]).toMatchObject({
      details: ['A replica streams.'],
      figures: { checked: 1, runbookCriteria: 3, unnamed: 1 },
    });
  });

  it('has something to say without any', () => {
    expect(findingsOf(criteria, outageRun()).map(({ status }) => status)).toEqual(['pass']);
  });
});
