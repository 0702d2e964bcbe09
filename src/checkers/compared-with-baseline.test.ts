import { describe, expect, it } from 'vitest';
import type { Criterion } from '../definition/drill.ts';
import type { JournalEvent, SlotOutcome } from '../timeline/events.ts';
import { mark, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { errorsBelow, worstOf } from './compared-with-baseline.ts';
import { criteria } from './criteria.ts';
import { findingsOf, outageRun, without } from './testing.ts';

/** The steady window is from 2 s to 3 s, the settle phase from 18 s to 20 s. */
const judged = (check: Criterion['check'], events: readonly JournalEvent[]) => {
  const plan = planOf({
    probes: { ...planOf().probes, lag: { kind: 'exec', command: 'lag' } },
    criteria: [{ criterion: 'Back to normal', check }],
  });
  return findingsOf(criteria, events, plan)[0];
};
const values = (
  valueAt: (dueMs: number) => number | undefined,
  outcome: (dueMs: number) => SlotOutcome = () => 'ok',
) => slotsOf({ probe: 'lag', untilMs: 20_000, outcome, value: valueAt });
const settled = (before: number, after: number) => values((due) => (due < 5000 ? before : after));

describe('values below the baseline', () => {
  const below: Criterion['check'] = { probes: ['lag'], 'values-below': 'baseline' };

  it('passes where none is above the highest of the steady window, and says both', () => {
    const finding = judged(below, [...outageRun(), ...settled(7, 7)]);
    expect(finding).toMatchObject({
      status: 'pass',
      message:
        'Criterion "Back to normal": met, probe "lag" observed at most 7 in the settle phase, 7 before the fault.',
    });
  });

  it('fails for one value above it, also that of a look that failed', () => {
    const once = (due: number) => (due === 19_000 ? 8 : 7);
    expect(judged(below, [...outageRun(), ...values(once)])?.status).toBe('fail');
    const failed = values(once, (due) => (due === 19_000 ? 'failed' : 'ok'));
    expect(judged(below, [...outageRun(), ...failed])?.status).toBe('fail');
  });

  it('compares with the steady window alone, not with the time before it', () => {
    const earlier = values((due) => (due < 1900 ? 9 : due < 5000 ? 7 : 8));
    expect(judged(below, [...outageRun(), ...earlier])?.message).toContain(
      'not met, probe "lag" observed at most 8 in the settle phase, 7 before',
    );
  });

  it('takes the last value before for a probe that looks less often than the window is long', () => {
    const rare = slotsOf({
      probe: 'lag',
      periodMs: 1900,
      untilMs: 21_000,
      outcome: () => 'ok',
      value: () => 7,
    });
    // Due at 1.9 s and 3.8 s: none in the window.
    expect(judged(below, [...outageRun(), ...rare])?.status).toBe('pass');
  });

  it('is not known where a look of the settle phase showed no number', () => {
    const blank = values((due) => (due === 19_000 ? undefined : 7));
    const finding = judged(below, [...outageRun(), ...blank]);
    expect(finding?.status).toBe('inconclusive');
    expect(finding?.message).toContain('1 look of the settle phase showed no number');
  });

  it('is not known without a value before the fault, or in the settle phase', () => {
    const late = values((due) => (due < 5000 ? undefined : 7));
    expect(judged(below, [...outageRun(), ...late])).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('no value before the fault'),
    });
    const gone = values((due) => (due < 5000 ? 7 : undefined));
    expect(judged(below, [...outageRun(), ...gone])).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('no value in the settle phase'),
    });
    expect(judged(below, [...without(outageRun(), 'steady.met'), ...settled(7, 7)])?.status).toBe(
      'inconclusive',
    );
  });

  it('tells values apart however close they are', () => {
    expect(judged(below, [...outageRun(), ...settled(1_234_567.1, 1_234_567.2)])?.message).toContain(
      'at most 1234567.2 in the settle phase, 1234567.1 before',
    );
  });

  it('is the worst of all its probes', () => {
    const two: Criterion['check'] = { probes: ['lag', 'api'], 'values-below': 'baseline' };
    expect(judged(two, [...outageRun(), ...settled(7, 8)])?.status).toBe('fail');
    expect(judged(two, [...outageRun(), ...settled(7, 7)])?.status).toBe('inconclusive');
  });
});

describe('errors below the baseline that are monitored, too', () => {
  const monitored: Criterion['check'] = {
    probes: ['api'],
    'errors-below': 'baseline',
    'monitored-by': 'lag',
  };
  const failing = outageRun([5000, 8000], [18_500, 18_600]);

  it.each([
    ['both well', outageRun(), settled(0.1, 0.1), 'pass', 'and monitoring agrees: met'],
    ['clients alone worse', failing, settled(0.1, 0.1), 'fail', 'but monitoring does not agree: met'],
    [
      'monitoring alone worse',
      outageRun(),
      settled(0.1, 0.2),
      'fail',
      'but monitoring does not agree: not met',
    ],
    ['both worse', failing, settled(0.1, 0.2), 'fail', 'and monitoring agrees: not met'],
    [
      'monitoring silent',
      outageRun(),
      [],
      'inconclusive',
      'and of monitoring: probe "lag" observed no value',
    ],
  ] as const)('%s', (_, clients, monitoring, status, words) => {
    const finding = judged(monitored, [...clients, ...monitoring]);
    expect(finding?.status).toBe(status);
    expect(finding?.message).toContain(words);
  });

  it('does not say that two who do not know agree', () => {
    const finding = judged(monitored, without(outageRun(), 'steady.met'));
    expect(finding?.status).toBe('inconclusive');
    expect(finding?.message).toContain('probe "api" has no baseline; and of monitoring:');
  });
});

describe('the baseline', () => {
  it('leaves out answers that a sampler which stood still did not read in time', () => {
    const lateBefore = (due: number): SlotOutcome =>
      due === 2500 ? 'late' : due === 18_500 ? 'failed' : 'ok';
    const slots = slotsOf({ untilMs: 20_000, outcome: lateBefore });
    const lag = mark(2510, { type: 'harness.lag', thread: 'sampler', lagNs: 100e6 });
    const errors: Criterion['check'] = { probes: ['api'], 'errors-below': 'baseline' };
    expect(judged(errors, [...runMarks(), ...slots])?.status).toBe('pass');
    expect(judged(errors, [...runMarks(), lag, ...slots])?.status).toBe('fail');
  });
});

describe('errors compared with before the fault', () => {
  const stats = (successes: number, failures: number, unsent = 0) => ({
    successes,
    failures,
    unsent,
    gaps: 0,
    longestGapMs: 0,
    errorRate: successes + failures === 0 ? null : failures / (successes + failures),
  });
  const before = new Map([['api', stats(98, 2)]]);

  it.each([
    ['the same share', stats(98, 2), 'pass'],
    ['a higher one', stats(97, 3), 'fail'],
    ['enough that was not sent to be higher', stats(100, 0, 5), 'inconclusive'],
    ['too little that was not sent to be higher', stats(100, 0, 1), 'pass'],
  ] as const)('are judged by their share: %s', (_, now, status) => {
    expect(errorsBelow([{ probe: 'api', now }], before)).toMatchObject([{ status }]);
  });
});

describe('several answers', () => {
  it('are the worst of them, in its words', () => {
    const pass = { status: 'pass', message: 'met, a' } as const;
    const fail = { status: 'fail', message: 'not met, b' } as const;
    const open = { status: 'inconclusive', message: 'nobody knows' } as const;
    expect(worstOf([pass, fail, open])).toEqual(fail);
    expect(worstOf([pass, open])).toEqual(open);
    expect(worstOf([])).toMatchObject({ status: 'inconclusive' });
  });
});
