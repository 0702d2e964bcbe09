import { expect, it } from 'vitest';
import type { Result } from '../reporters/result.ts';
import { resultTable } from './result-table.ts';

const passes = {
  validity: 'pass',
  recovery: 'pass',
  data: 'pass',
  criteria: 'pass',
  runbook: 'pass',
  cleanup: 'pass',
} as const;

function run(name: string, result: object) {
  return { name, directory: `reports/${name}`, result: result as Result };
}

it('shows what each drill measured, what is no pass, and how long all took', () => {
  const good = run('regional-outage/manual', {
    verdict: { overall: 'pass', dimensions: passes },
    figures: { rtoLowerMs: 2110, rtoUpperMs: 2270, rpoMs: 0 },
    run: { durationMs: 14_230 },
    steps: [
      { kind: 'command', outcome: 'as-written' },
      { kind: 'command', outcome: 'not-proved' },
      { kind: 'command', outcome: 'left-out' },
      { kind: 'manual', outcome: 'performed' },
    ],
  });
  const bad = run('mcp', {
    verdict: { overall: 'fail', dimensions: { ...passes, recovery: 'fail', data: 'inconclusive' } },
    figures: { rtoLowerMs: 30_000, rtoUpperMs: null, rpoMs: null },
    run: { durationMs: 51_000 },
    steps: [],
  });
  expect(resultTable([good, bad])).toEqual([
    'drill                   verdict              RTO  RPO  as written    took',
    'regional-outage/manual  pass         2.11–2.27 s  0 s      1 of 2  14.2 s',
    'mcp                     fail              > 30 s    –           –  51.0 s  recovery fail, data inconclusive',
    'together                1 of 2 pass                                 1m 5s',
  ]);
});
