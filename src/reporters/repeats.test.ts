import { describe, expect, it } from 'vitest';
import { judgedBy } from '../../test/reporters/judged.ts';
import { dimensions, type Finding } from '../checkers/checker.ts';
import { resultOf } from './json.ts';
import { repeatsOf } from './repeats.ts';
import type { Result } from './result.ts';

const recovered = (rtoUpperMs: number): Finding => ({
  dimension: 'recovery',
  status: 'pass',
  rule: 'rto',
  message: `RTO was ${rtoUpperMs}ms`,
  figures: { objective: 'rto', rtoLowerMs: rtoUpperMs - 100, rtoUpperMs },
});
const neverBack = (rtoLowerMs: number): Finding => ({
  dimension: 'recovery',
  status: 'fail',
  rule: 'rto.not-recovered',
  message: `RTO is more than ${rtoLowerMs}ms`,
  figures: { objective: 'rto', rtoLowerMs, rtoUpperMs: null },
});
const ledger = (lost: number, status: Finding['status'] = lost > 0 ? 'fail' : 'pass'): Finding => ({
  dimension: 'data',
  status,
  rule: lost > 0 ? 'rpo.lost' : 'rpo',
  message: `${lost} lost`,
  figures: { ledger: 'orders', lost, rpoMs: lost * 10 },
});
/** A run with these findings, and nothing to say against any question that they leave open. */
const run = (...findings: readonly Finding[]): Result => {
  const others = dimensions.filter((each) => !findings.some(({ dimension }) => dimension === each));
  const well = others.map((dimension) => ({ dimension, status: 'pass', rule: 'well', message: '' }) as const);
  return resultOf(judgedBy([...findings, ...well]));
};

describe('repeatsOf', () => {
  it('ranks runs that did not recover after all that did, as more than what was seen', () => {
    const { rto } = repeatsOf([run(recovered(900)), run(neverBack(500)), run(recovered(700))]);
    expect(rto).toEqual({
      runs: 3,
      min: { ms: 700, censored: false },
      median: { ms: 900, censored: false },
      max: { ms: 500, censored: true },
    });
  });

  it('leaves out the RTO of a run that is not valid, and says of how many the others are', () => {
    const odd = { dimension: 'validity', status: 'inconclusive', rule: 'x', message: 'no symptom' } as const;
    const repeats = repeatsOf([run(recovered(900)), run(recovered(100), odd), run(recovered(700))]);
    expect(repeats).toMatchObject({
      runs: 3,
      verdicts: { pass: 2, inconclusive: 1 },
      rto: { runs: 2, min: { ms: 700 } },
      differing: [{ number: 2, overall: 'inconclusive', because: ['no symptom'] }],
    });
  });

  it('has no RTO where no run has one', () => {
    expect(repeatsOf([run(), run()])).toMatchObject({ rto: null, rpo: null });
  });

  it('names the runs that differ from most, and the findings that only they have', () => {
    const slow = { ...recovered(900), status: 'fail' } as const;
    const debt: Finding = {
      dimension: 'runbook',
      status: 'fail',
      rule: 'runbook.step',
      message: 'fails anyway',
    };
    const usual = () => run(recovered(100), debt);
    const repeats = repeatsOf([usual(), run(slow, debt), usual(), usual()]);
    expect(repeats.verdicts).toEqual({ pass: 0, inconclusive: 0, fail: 4 });
    expect(repeats.differing).toEqual([
      { number: 2, id: expect.any(String), overall: 'fail', because: ['RTO was 900ms'] },
    ]);
  });

  it('says by which question a run differs where no finding of its own shows it', () => {
    const unknown: Finding = { dimension: 'data', status: 'inconclusive', rule: 'rpo', message: 'unread' };
    const [odd] = repeatsOf([run(unknown), run(unknown), run()]).differing;
    expect(odd).toMatchObject({ number: 3, because: [expect.stringContaining('data pass')] });
  });

  it('bounds the chance of a loss when no run lost anything', () => {
    const twenty = Array.from({ length: 20 }, () => run(ledger(0)));
    const { rpo } = repeatsOf(twenty);
    expect(rpo).toMatchObject({ runs: 20, worstMs: 0, runsThatLost: 0 });
    expect(rpo?.chanceAtMost).toBeCloseTo(0.1391, 4);
  });

  it('bounds nothing when a run lost something, or had nothing to lose', () => {
    const lost = repeatsOf([run(ledger(0)), run(ledger(3)), run(ledger(7))]).rpo;
    expect(lost).toEqual({ runs: 3, worstMs: 70, runsThatLost: 2, chanceAtMost: null });
    expect(repeatsOf([run(ledger(0)), run(ledger(0, 'inconclusive'))]).rpo?.chanceAtMost).toBeNull();
  });
});
