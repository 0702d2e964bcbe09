import { describe, expect, it } from 'vitest';
import type { MarkEvent, StepResult } from '../timeline/events.ts';
import { mark, planOf } from '../timeline/testing.ts';
import { comparedAnswers } from './compared-answers.ts';
import { runbook } from './runbook.ts';
import { commandStep, procedureOf, runbookOf, running } from './runbook-samples.ts';
import { findingsOf, outageRun, statuses, statusOf } from './testing.ts';

const ping = 'redis-cli -h redis-primary ping';
const asks = [running({ step: commandStep('step-1', ping) })];
const plan = (mustNotice?: readonly string[]) =>
  planOf({
    runbook: runbookOf(),
    stages: [
      procedureOf(asks, { name: 'before' }),
      { kind: 'inject', fault: 'crash' },
      procedureOf(asks, { name: 'after', comparedWith: 'before' }),
    ],
    ...(mustNotice !== undefined && { mustNotice }),
  });

const ended: StepResult = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  durationNs: 1,
  stdout: 'PONG\n',
  stderr: '',
  truncatedBytes: 0,
  standIns: [],
};
const asked = (procedure: string, atMs: number, changes: Partial<StepResult> = {}): MarkEvent[] => {
  const about = { step: 'step-1', procedure, attempt: 'as-written' } as const;
  return [
    mark(atMs, { type: 'step.start', ...about, command: ping }),
    mark(atMs + 10, { type: 'step.end', ...about, result: { ...ended, ...changes } }),
  ];
};
const refused = { exitCode: 1, stdout: '', stderr: 'Could not connect' };
const findings = (marks: readonly MarkEvent[], mustNotice?: readonly string[]) =>
  findingsOf(comparedAnswers, [...outageRun(), ...marks], plan(mustNotice));

describe('a question that is asked again', () => {
  it('noticed the fault when its answer is another', () => {
    const found = findings([...asked('before', 4000), ...asked('after', 5500, refused)], ['redis-cli']);
    expect(statuses(found)).toEqual(['answer: pass', 'answer.coverage: pass']);
    expect(found[0]?.message).toBe(
      `"${ping}" noticed the fault: exit 0: PONG before it, exit 1: Could not connect after it.`,
    );
  });

  it('is uninformative when it is the same, and fails where it has to notice', () => {
    const same = [...asked('before', 4000), ...asked('after', 5500)];
    expect(statuses(findings(same))).toEqual(['answer.uninformative: pass', 'answer.coverage: pass']);
    expect(statusOf(findings(same, [ping]), 'answer.uninformative')).toEqual(['fail']);
  });

  it('proves nothing when it was not asked', () => {
    expect(statusOf(findings(asked('before', 4000)), 'answer.not-known')).toEqual(['pass']);
    expect(statusOf(findings(asked('before', 4000), [ping]), 'answer.not-known')).toEqual(['inconclusive']);
    expect(statusOf(findings([], ['psql']), 'answer.not-known')).toContain('inconclusive');
  });

  it('is no command that fails', () => {
    const marks = [...asked('before', 4000), ...asked('after', 5500, refused)];
    const steps = findingsOf(runbook, [...outageRun(), ...marks], plan());
    expect(statusOf(steps, 'runbook.step')).toEqual(['pass', 'pass']);
    expect(steps.map(({ message }) => message)).toContain(`"${ping}" was asked again after the fault.`);
  });

  it('fails the runbook when it fails before the fault', () => {
    const marks = [...asked('before', 4000, refused), ...asked('after', 5500, refused)];
    expect(statusOf(findingsOf(runbook, [...outageRun(), ...marks], plan()), 'runbook.step')).toContain(
      'fail',
    );
  });

  it('is nothing to this checker when nobody compares', () => {
    expect(findingsOf(comparedAnswers, outageRun(), planOf())).toEqual([]);
  });
});
