import { describe, expect, it } from 'vitest';
import type { Plan, PlannedStep } from '../definition/plan.ts';
import type { MarkEvent, NotRunWhy } from '../timeline/events.ts';
import { mark, planOf } from '../timeline/testing.ts';
import { runbook } from './runbook.ts';
import { attempted, commandStep, manualStep, procedureOf, runbookOf, running } from './runbook-samples.ts';
import { findingsOf, statusOf } from './testing.ts';

const planned = (step: PlannedStep, changes: Partial<Plan> = {}): Plan =>
  planOf({ stages: [procedureOf([step])], runbook: runbookOf('2030-06-01'), ...changes });
const stepOf = (step: PlannedStep, events: readonly MarkEvent[], changes: Partial<Plan> = {}) =>
  findingsOf(runbook, events, planned(step, changes)).find(
    ({ rule }) => rule === 'runbook.step' || rule === 'runbook.manual',
  );

const notRun = (why: NotRunWhy, reason = 'no value for replica-id') =>
  mark(6000, { type: 'step.not-run', step: 'step-1', procedure: 'fix', reason, why });
const check = { name: 'the replica takes writes', probe: 'writable' };
const correction = { command: 'patronictl failover --force', reason: 'it asks otherwise' };
const inPlace = { timeoutMs: 1000, peopleMs: 0, verify: [] };

describe('a command of the runbook', () => {
  it('works as written', () => {
    const finding = stepOf(running(), attempted('as-written'));
    expect(finding).toMatchObject({
      status: 'pass',
      message: '"patronictl failover" works as written.',
      where: 'database.md:12',
      figures: { outcome: 'as-written', proved: true },
    });
  });

  it.each([
    [{ exitCode: 2 }, 'it exited with 2'],
    [{ exitCode: null, timedOut: true }, 'it ran into its time limit'],
    [{ exitCode: null, signal: 'SIGKILL' }, 'it was ended by SIGKILL'],
  ])('fails as written: %j', (result, words) => {
    const finding = stepOf(
      running(),
      attempted('as-written', { ...result, stderr: 'No such option: --master\n' }),
    );
    expect(finding).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(`fails as written: ${words}`),
      details: ['No such option: --master'],
    });
  });

  it('works with the exit code that is right, and with no other', () => {
    const step = running({ exits: 1 });
    expect(stepOf(step, attempted('as-written', { exitCode: 1 }))?.status).toBe('pass');
    expect(stepOf(step, attempted('as-written'))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('it exited with 0, where 1 is right'),
    });
  });

  it('fails where it exits with 0 and does nothing', () => {
    const step = running({ verify: [check] });
    expect(stepOf(step, attempted('as-written', {}, [false]))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(
        'it exited with 0 and did nothing: "the replica takes writes" was not so (t)',
      ),
    });
    expect(stepOf(step, attempted('as-written', {}, [true]))?.status).toBe('pass');
  });

  it('is not proved to work where nobody looked at its effect', () => {
    expect(stepOf(running({ verify: [check] }), attempted('as-written'))?.status).toBe('inconclusive');
  });

  it.each([
    ['2030-01-01', '2030-06-01', 'pass'],
    ['2030-06-01', '2030-06-01', 'pass'],
    ['2030-06-02', '2030-06-01', 'fail'],
    ['2030-01-01', null, 'fail'],
    ['2030-01-01', undefined, 'fail'],
  ] as const)('corrected, on %s with a review on %s: %s', (today, review, status) => {
    const events = [...attempted('as-written', { exitCode: 1 }), ...attempted('correction')];
    const finding = stepOf(running({ correction }), events, { today, runbook: runbookOf(review) });
    expect(finding).toMatchObject({
      status,
      todo: 'Write instead: patronictl failover --force',
      figures: { outcome: 'corrected' },
    });
  });

  it('fails where its correction fails too, or does nothing', () => {
    const failed = [...attempted('as-written', { exitCode: 1 }), ...attempted('correction', { exitCode: 3 })];
    expect(stepOf(running({ correction }), failed)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('it exited with 1; its correction: it exited with 3'),
    });
    const idle = [
      ...attempted('as-written', { exitCode: 1 }, [false]),
      ...attempted('correction', {}, [false]),
    ];
    expect(stepOf(running({ correction, verify: [check] }), idle)?.status).toBe('fail');
  });

  it('fails under --as-written, where its correction does not run', () => {
    expect(
      stepOf(running({ correction }), attempted('as-written', { exitCode: 1 }), { asWritten: true })?.status,
    ).toBe('fail');
  });

  it('is no finding about the runbook where only the replica differs', () => {
    const finding = stepOf(
      running({ platformDiffers: 'PostgreSQL 18 has no such folder' }),
      attempted('as-written', { exitCode: 1 }),
    );
    expect(finding).toMatchObject({
      status: 'pass',
      figures: { outcome: 'platform-differs' },
      message: expect.stringContaining('PostgreSQL 18 has no such folder'),
    });
  });

  it.each(['unbound', 'tool-missing', 'not-contained', 'interrupted'] as const)(
    'is inconclusive where it was not run: %s',
    (why) => {
      expect(stepOf(running(), [notRun(why)])).toMatchObject({
        status: 'inconclusive',
        message: expect.stringContaining('no value for replica-id'),
      });
    },
  );

  it('is no finding where its program is missing on this replica alone, and no other reason is excused', () => {
    const step = running({ platformDiffers: 'the environment kind runs it' });
    expect(stepOf(step, [notRun('tool-missing', 'there is no Kubernetes')])).toMatchObject({
      status: 'pass',
      figures: { outcome: 'not-run' },
      message: '"patronictl failover" is not run here: there is no Kubernetes; the environment kind runs it.',
    });
    expect(stepOf(step, [notRun('unbound')])?.status).toBe('inconclusive');
  });

  it('is corrected where it could not run and its correction did', () => {
    expect(stepOf(running({ correction }), [notRun('unbound'), ...attempted('correction')])).toMatchObject({
      status: 'pass',
      figures: { outcome: 'corrected' },
    });
  });

  it('is inconclusive where the run ended within it, or before', () => {
    expect(stepOf(running(), attempted('as-written').slice(0, 1))?.message).toContain(
      'under way when the run ended',
    );
    expect(stepOf(running(), [])?.status).toBe('inconclusive');
  });

  it('is marked as not proved where a stand-in ran, and passes', () => {
    const finding = stepOf(running(), attempted('as-written', { standIns: ['aws'] }));
    expect(finding).toMatchObject({
      status: 'pass',
      figures: { proved: false },
      message: expect.stringContaining('Not proved: aws was a stand-in'),
    });
  });

  it('is quoted in one line', () => {
    const step = running({ step: commandStep('step-1', `for h in a b; do\n  ping $h\ndone`) });
    expect(stepOf(step, attempted('as-written'))?.message).toBe('"for h in a b; do …" works as written.');
  });
});

describe('a manual step', () => {
  const perform: PlannedStep = { ...inPlace, do: 'perform', step: manualStep(), command: 'true' };
  const prompt: PlannedStep = { ...inPlace, do: 'prompt', step: manualStep() };
  const answered = (answer: 'done' | 'skipped' | 'failed') =>
    mark(6000, {
      type: 'step.manual',
      step: 'step-1',
      procedure: 'fix',
      by: 'operator',
      answer,
      note: 'no phone',
    });

  it('is performed by the drill, and said to be', () => {
    expect(stepOf(perform, attempted('performed'))).toMatchObject({
      status: 'pass',
      rule: 'runbook.manual',
      message: '"Tell the customers" was performed by the drill.',
    });
  });

  it('is inconclusive where the drill could not perform it', () => {
    expect(stepOf(perform, attempted('performed', { exitCode: 1 }))?.status).toBe('inconclusive');
    expect(stepOf(perform, [])?.status).toBe('inconclusive');
  });

  it.each([
    ['done', 'pass', 'by-operator'],
    ['skipped', 'pass', 'undone'],
    ['failed', 'fail', 'refused-by-operator'],
  ] as const)('is %s by the operator: %s', (answer, status, outcome) => {
    expect(stepOf(prompt, [answered(answer)])).toMatchObject({ status, figures: { outcome } });
  });

  it('stays undone where nobody is asked', () => {
    expect(stepOf(prompt, [notRun('left-undone', 'nobody was asked')])).toMatchObject({
      status: 'pass',
      figures: { outcome: 'undone' },
    });
  });
});

it('judges each step by itself', () => {
  const stages = [procedureOf([running(), running({ step: commandStep('step-2') })])];
  expect(
    statusOf(
      findingsOf(runbook, attempted('as-written'), planOf({ stages, runbook: runbookOf() })),
      'runbook.step',
    ),
  ).toEqual(['pass', 'inconclusive']);
});
