import { expect, it } from 'vitest';
import { repeatTable } from './repeat-table.ts';

it('shows the spread of each drill, which runs differ, and the bound', () => {
  const lines = repeatTable([
    {
      name: 'database-primary-loss/sync',
      runs: 20,
      verdicts: { pass: 19, inconclusive: 0, fail: 1 },
      differing: [
        { number: 7, id: 'run-7', overall: 'fail', because: ['one', 'two', 'three\nlines', 'four'] },
      ],
      rto: { runs: 20, min: at(2310), median: at(2400), max: { ms: 12_000, censored: true } },
      rpo: { runs: 20, worstMs: 0, runsThatLost: 0, chanceAtMost: 0.1391 },
    },
    {
      name: 'mcp',
      runs: 1,
      verdicts: { pass: 0, inconclusive: 1, fail: 0 },
      differing: [],
      rto: null,
      rpo: null,
    },
  ]);
  expect(lines).toEqual([
    'drill                       runs  pass  inc.  fail  RTO min  median     max  worst RPO     lost',
    'database-primary-loss/sync    20    19     0     1   2.31 s   2.4 s  > 12 s        0 s  0 of 20',
    'mcp                            1     0     1     0        –       –       –          –        –',
    'database-primary-loss/sync: run 7 differs (fail, run-7):',
    '    one',
    '    two',
    '    three lines',
    '    and 1 more',
    'database-primary-loss/sync: nothing lost in 20 runs: at 95 % confidence a loss is no likelier than 13.9 % a run',
  ]);
});

it('says so where not every run has an RTO', () => {
  const drill = {
    name: 'mcp',
    runs: 3,
    verdicts: { pass: 2, inconclusive: 1, fail: 0 },
    differing: [],
    rto: { runs: 2, min: at(700), median: at(900), max: at(900) },
    rpo: null,
  };
  expect(repeatTable([drill])[2]).toBe(
    'mcp: the RTO is that of 2 of 3 runs, the others have none that counts',
  );
});

function at(ms: number) {
  return { ms, censored: false };
}
