import { describe, expect, it } from 'vitest';
import type { AccountedStep } from '../definition/plan.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { mark, planOf } from '../timeline/testing.ts';
import { attempted, commandStep, manualStep, performing, procedureOf, running } from './runbook-samples.ts';
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

  describe('a step for people', () => {
    const asked = procedureOf([
      { do: 'prompt', step: manualStep(), timeoutMs: 60_000, peopleMs: 0, verify: [] },
    ]);
    const about = { step: 'step-1', procedure: 'fix' } as const;
    const answered = (answer: 'done' | 'failed' | 'skipped') => [
      mark(6000, { type: 'step.start', ...about, attempt: 'performed', command: null }),
      mark(7000, { type: 'step.manual', ...about, by: 'operator', answer, note: '' }),
    ];
    const leftUndone = mark(6000, {
      type: 'step.not-run',
      ...about,
      reason: 'nobody was asked',
      why: 'left-undone',
    });

    it.each([
      ['nobody is asked', [leftUndone], 'people'],
      ['a person did it', answered('done'), 'people'],
      ['a person passed it over', answered('skipped'), 'people'],
      ['a person could not do it', answered('failed'), 'open'],
      ['the run ended first', [], 'open'],
    ] as const)('that %s', (_, events, kind) => {
      const steps = [step('step-1', { kind: 'manual' })];
      const [finding] = account(steps, [...outageRun(), ...events], { procedure: asked });
      expect(finding).toMatchObject({
        status: kind === 'open' ? 'inconclusive' : 'pass',
        figures: { people: kind === 'people' ? 1 : 0, open: kind === 'open' ? 1 : 0 },
      });
    });
  });

  it('is in order of the document, or says what was taken early', () => {
    const section = (heading: string, id: string) => ({
      path: [heading],
      lines: { from: 1, to: 9 },
      steps: [step(id)],
    });
    const taking = (heading: string, id: string, name: string) =>
      procedureOf([running({ step: { ...commandStep(id), section: [heading] } })], { name });
    const began = (id: string, procedure: string, atMs: number) =>
      attempted('as-written').map(
        (event) => ({ ...event, step: id, procedure, atNs: event.atNs + atMs * 1e6 }) as JournalEvent,
      );
    const plan = planOf({
      stages: [taking('One', 'a', 'first'), taking('Two', 'b', 'second')],
      coverage: { commandsAtLeast: null, sections: [section('One', 'a'), section('Two', 'b')] },
    });
    const order = (one: number, two: number) =>
      findingsOf(
        wholeRunbook,
        [...outageRun(), ...began('a', 'first', one), ...began('b', 'second', two)],
        plan,
      )[0];
    expect(order(0, 1000)).toMatchObject({ figures: { inOrder: true } });
    expect(order(1000, 0)).toMatchObject({
      status: 'pass',
      figures: { inOrder: false },
      details: expect.arrayContaining(['taken early: Two']),
    });
    expect(order(1000, 0)?.message).toContain('1 section before one that stands above it in the document');
  });

  it('says of executed commands which a stand-in ran: they prove nothing', () => {
    const stoodIn = [...outageRun(), ...attempted('as-written', { standIns: ['aws'] })];
    const finding = account([step('step-1')], stoodIn, { commandsAtLeast: 1 })[1];
    expect(finding).toMatchObject({ status: 'pass', figures: { executed: 1, notProved: 1 } });
    expect(finding?.message).toContain('1 of them with a stand-in, which proves nothing');
    expect(account([step('step-1')], ran)[1]?.message).toBe(
      '1 of 1 commands of the runbook executed (100 %).',
    );
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
