import { describe, expect, it } from 'vitest';
import { planOf, readOf, timelineOf, writesOf } from '../timeline/testing.ts';
import type { Checker, Dimension, Status } from './checker.ts';
import { dimensions } from './checker.ts';
import { allCheckers } from './index.ts';
import { judge } from './judge.ts';
import { outageRun, without } from './testing.ts';

const saying = (dimension: Dimension, status: Status): Checker => ({
  name: `${dimension}-${status}`,
  dimension,
  check: () => [{ dimension, status, rule: 'test', message: 'So it is.' }],
});
const allPass = dimensions.map((dimension) => saying(dimension, 'pass'));
const verdictOf = (checkers: readonly Checker[]) =>
  judge(timelineOf(planOf(), []), planOf(), checkers).verdict;

describe('judge', () => {
  it('passes what every dimension passes', () => {
    expect(verdictOf(allPass).overall).toBe('pass');
  });

  it('takes the worst: pass < inconclusive < fail', () => {
    expect(verdictOf([...allPass, saying('runbook', 'inconclusive')])).toMatchObject({
      overall: 'inconclusive',
      dimensions: { runbook: 'inconclusive' },
    });
    expect(verdictOf([...allPass, saying('runbook', 'inconclusive'), saying('data', 'fail')])).toMatchObject({
      overall: 'fail',
      dimensions: { data: 'fail', recovery: 'pass' },
    });
  });

  it('does not know what a checker that throws would have said', () => {
    const broken: Checker = {
      name: 'broken',
      dimension: 'criteria',
      check: () => {
        throw new TypeError('of undefined');
      },
    };
    const { findings, verdict } = judge(timelineOf(planOf(), []), planOf(), [...allPass, broken]);
    expect(verdict).toMatchObject({ overall: 'inconclusive', dimensions: { criteria: 'inconclusive' } });
    expect(findings.at(-1)).toMatchObject({
      rule: 'checker.failed',
      message: expect.stringContaining('of undefined'),
    });
  });

  it.each(dimensions)('does not pass %s where nobody checked it', (dimension) => {
    const { findings, verdict } = judge(
      timelineOf(planOf(), []),
      planOf(),
      allPass.filter((checker) => checker.dimension !== dimension),
    );
    expect(verdict.dimensions[dimension]).toBe('inconclusive');
    expect(findings.some(({ rule }) => rule === 'checker.missing')).toBe(true);
  });

  it('passes neither recovery nor data where validity is not shown', () => {
    expect(verdictOf([...allPass, saying('validity', 'inconclusive')]).dimensions).toEqual({
      validity: 'inconclusive',
      recovery: 'inconclusive',
      data: 'inconclusive',
      criteria: 'pass',
      runbook: 'pass',
      cleanup: 'pass',
    });
  });

  it('does not soften a failure for want of validity', () => {
    expect(
      verdictOf([...allPass, saying('validity', 'inconclusive'), saying('data', 'fail')]).dimensions.data,
    ).toBe('fail');
  });
});

describe('all checkers together', () => {
  const plan = planOf({ ledgers: { orders: { kind: 'postgres', role: 'db' } } });
  const writes = Array.from({ length: 100 }, () => ({ outcome: 'acked' as const }));
  const present = writes.map((_, index) => index + 1);
  const healthy = [...outageRun(), ...writesOf(writes), ...readOf(present)];
  const overall = (events: Parameters<typeof timelineOf>[1], checkers = allCheckers) =>
    judge(timelineOf(plan, events), plan, checkers).verdict.overall;

  it('pass a run in which everything went well', () => {
    expect(judge(timelineOf(plan, healthy), plan).findings.filter(({ status }) => status !== 'pass')).toEqual(
      [],
    );
  });

  const sabotage: readonly [string, string, Parameters<typeof timelineOf>[1], Status][] = [
    ['a fault without effect', 'validity', without(healthy, 'condition.met'), 'inconclusive'],
    ['a loss', 'rpo', [...outageRun(), ...writesOf(writes), ...readOf(present.slice(0, -60))], 'fail'],
    [
      'a service that does not come back',
      'rto',
      [...outageRun([5000, 30_000]), ...writesOf(writes), ...readOf(present)],
      'fail',
    ],
    [
      'a service that fails again',
      'recovery-phases',
      [...outageRun([5000, 7000], [9000, 9200]), ...writesOf(writes), ...readOf(present)],
      'fail',
    ],
    [
      'a fault that was not healed',
      'cleanup',
      without(healthy, 'fault.healed', 'fault.status'),
      'inconclusive',
    ],
  ];
  it.each(sabotage)('see %s, and only because %s is in the list', (_what, checker, events, status) => {
    expect(overall(events)).toBe(status);
    const others = allCheckers.filter(({ name }) => name !== checker);
    const rest = [...others, ...dimensions.map((dimension) => saying(dimension, 'pass'))];
    expect(overall(events, rest)).toBe('pass');
  });
});
