import { describe, expect, it } from 'vitest';
import { planOf } from '../timeline/testing.ts';
import { runbook } from './runbook.ts';
import { attempted, commandStep, procedureOf, runbookOf, running } from './runbook-samples.ts';
import { findingsOf } from './testing.ts';

describe('the coverage of a section', () => {
  it('counts every step, and names what was not exercised, with the reason', () => {
    const stages = [
      procedureOf([
        running(),
        running({ step: commandStep('step-2') }),
        { do: 'leave-out', step: commandStep('step-3', 'gcloud sql promote'), reason: 'the other cloud' },
      ]),
    ];
    const findings = findingsOf(
      runbook,
      attempted('as-written', { standIns: ['aws'] }),
      planOf({ stages, runbook: runbookOf() }),
    );
    expect(findings.find(({ rule }) => rule === 'runbook.coverage')).toMatchObject({
      status: 'pass',
      message:
        '1 of 3 steps of "Recovery" exercised, 1 as written, 1 not run, 1 left out, 1 of them not proved (stand-ins).',
      figures: { steps: 3, exercised: 1, notProved: 1 },
      details: [
        'patronictl failover: nothing shows that it was tried',
        'gcloud sql promote: the other cloud',
      ],
    });
  });

  it('says so where there is no procedure at all', () => {
    expect(findingsOf(runbook, [], planOf({ stages: [] }))).toEqual([
      expect.objectContaining({ status: 'pass', rule: 'runbook.coverage' }),
    ]);
  });
});
