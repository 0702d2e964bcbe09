import { describe, expect, it } from 'vitest';
import type { AccountedStep } from '../definition/plan.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { planOf } from '../timeline/testing.ts';
import { attempted, performing, procedureOf, running } from './runbook-samples.ts';
import { findingsOf, outageRun, without } from './testing.ts';
import { wholeRunbook } from './whole-runbook.ts';

const step = (id: string, changes: Partial<AccountedStep> = {}): AccountedStep => ({
  id,
  kind: 'command',
  text: id,
  lines: { from: 12, to: 12 },
  ...changes,
});
const notApplicable = { apart: { kind: 'not-applicable', reason: 'the database lives' } } as const;

function account(
  steps: readonly AccountedStep[],
  events: readonly JournalEvent[],
  { commandsAtLeast = null as number | null, procedure = procedureOf([running()]) } = {},
) {
  const plan = planOf({
    stages: [procedure],
    coverage: {
      commandsAtLeast,
      sections: [{ path: ['Recovery'], lines: { from: 1, to: 20 }, steps }],
    },
  });
  return findingsOf(wholeRunbook, events, plan);
}

const ran = [...outageRun(), ...attempted('as-written')];

describe('the whole runbook', () => {
  it('counts each step by what became of it', () => {
    const steps = [step('step-1'), step('step-2', notApplicable)];
    expect(account(steps, ran)[0]).toMatchObject({
      status: 'pass',
      rule: 'runbook.account',
      figures: { steps: 2, run: 1, notApplicable: 1, open: 0 },
      details: ['line 12: step-1: run', 'line 12: step-2: not applicable (the database lives)'],
    });
  });

  it('tells what the drill performed from what a command of the runbook did', () => {
    const performed = [...outageRun(), ...attempted('performed')];
    const [finding] = account([step('step-1', { kind: 'manual' })], performed, { procedure: performing() });
    expect(finding).toMatchObject({ figures: { run: 0, performed: 1 } });
  });

  it('is not accounted for where a step was to be taken and was not', () => {
    const [finding] = account([step('step-1')], outageRun());
    expect(finding).toMatchObject({ status: 'inconclusive', figures: { open: 1 } });
    expect(finding?.message).toContain('1 step that a procedure was to take was not done');
  });

  it('counts a command that failed as executed: how it ended is another question', () => {
    const failed = [...outageRun(), ...attempted('as-written', { exitCode: 1 })];
    expect(account([step('step-1')], failed, { commandsAtLeast: 1 })[1]).toMatchObject({
      status: 'pass',
      rule: 'runbook.executed',
      figures: { executed: 1, share: 1 },
    });
  });

  it('fails where fewer commands were executed than wanted, and names the others', () => {
    const steps = [step('step-1'), step('step-2', notApplicable), step('ask', { kind: 'manual' })];
    expect(account(steps, ran, { commandsAtLeast: 0.9 })[1]).toMatchObject({
      status: 'fail',
      figures: { commands: 2, executed: 1, share: 0.5 },
      details: ['line 12: step-2: not applicable (the database lives)'],
    });
    expect(account(steps, ran, { commandsAtLeast: 0.5 })[1]).toMatchObject({ status: 'pass' });
  });

  it('cannot judge that of a run that did not get to its end', () => {
    const cut = without(outageRun(), 'phase.start', 'phase.end');
    expect(account([step('step-1')], cut, { commandsAtLeast: 0.9 })[1]).toMatchObject({
      status: 'inconclusive',
    });
  });
});
