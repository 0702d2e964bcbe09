import { describe, expect, it } from 'vitest';
import { planOf, runMarks, slotsOf, timelineOf } from '../timeline/testing.ts';
import { errorsBelow, valueBelow, withMonitoring, worstOf } from './compared-with-baseline.ts';

const stats = (successes: number, failures: number, unsent = 0) => ({
  successes,
  failures,
  unsent,
  gaps: 0,
  longestGapMs: 0,
  errorRate: successes + failures === 0 ? null : failures / (successes + failures),
});
const before = new Map([['api', stats(98, 2)]]);
const judged = (now: ReturnType<typeof stats>) => errorsBelow([{ probe: 'api', now }], before)[0];

describe('errors compared with before the fault', () => {
  it('are met up to the same share', () => {
    expect(judged(stats(98, 2))).toMatchObject({ status: 'pass' });
    expect(judged(stats(97, 3))).toMatchObject({ status: 'fail' });
  });

  it('are not known where what was not sent could have failed', () => {
    expect(judged(stats(100, 0, 5))).toMatchObject({ status: 'inconclusive' });
    expect(judged(stats(100, 0, 1))).toMatchObject({ status: 'pass' });
  });

  it('need a baseline', () => {
    const [answer] = errorsBelow([{ probe: 'site', now: stats(1, 0) }], before);
    expect(answer).toEqual({ status: 'inconclusive', message: 'probe "site" has no baseline' });
  });
});

describe('a value compared with before the fault', () => {
  const plan = planOf();
  const settled = { fromNs: 15e9, toNs: 20e9 };
  const seen = (value: (dueMs: number) => number) => {
    const events = [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: () => 'ok', value })];
    return valueBelow('api', settled, timelineOf(plan, events), plan);
  };

  it('is met when none is above the highest before', () => {
    expect(seen(() => 3)).toMatchObject({ status: 'pass' });
    expect(seen((dueMs) => (dueMs === 18_000 ? 4 : 3))).toMatchObject({
      status: 'fail',
      message: 'not met, probe "api" observed at most 4 in the settle phase, 3 before the fault',
    });
  });

  it('is not known where there was none', () => {
    const events = [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: () => 'ok' })];
    expect(valueBelow('api', settled, timelineOf(plan, events), plan)).toMatchObject({
      status: 'inconclusive',
    });
  });
});

describe('several answers', () => {
  const pass = { status: 'pass', message: 'met, a' } as const;
  const fail = { status: 'fail', message: 'not met, b' } as const;
  const open = { status: 'inconclusive', message: 'nobody knows' } as const;

  it('are the worst of them, in its words', () => {
    expect(worstOf([pass, fail, open])).toEqual(fail);
    expect(worstOf([pass, open])).toEqual(open);
    expect(worstOf([])).toMatchObject({ status: 'inconclusive' });
  });

  it('tell whether monitoring sees what clients see', () => {
    expect(withMonitoring(pass, pass)).toEqual({
      status: 'pass',
      message: 'met, a; and monitoring agrees: met, a',
    });
    expect(withMonitoring(pass, fail)).toMatchObject({
      status: 'fail',
      message: 'met, a; but monitoring does not agree: not met, b',
    });
    expect(withMonitoring(pass, open)).toMatchObject({ status: 'inconclusive' });
  });
});
