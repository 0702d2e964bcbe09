import { describe, expect, it } from 'vitest';
import type { PlannedLoad } from '../definition/load-spec.ts';
import { planOf } from '../timeline/testing.ts';
import { loadProblems } from './check.ts';

describe('the scripts of a plan', () => {
  it('are told where they cannot be read, by the load that has them', async () => {
    const users = (script: string): PlannedLoad => ({
      kind: 'k6',
      script,
      rate: 1,
      'max-users': 10,
      thresholds: 'reported',
    });
    const platform = { ...planOf().platform, baseDir: import.meta.dirname };
    const loads = { there: users('k6.ts'), gone: users('k7.ts') };
    const problems = await loadProblems(planOf({ platform, loads }));
    expect(problems.map(({ what }) => what)).toEqual([
      `the script of the load gone of platform test cannot be read: ${import.meta.dirname}/k7.ts`,
    ]);
    expect(await loadProblems(planOf())).toEqual([]);
  });
});
