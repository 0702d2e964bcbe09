import { describe, expect, it } from 'vitest';
import { judgedBy } from '../../test/reporters/judged.ts';
import { dimensions, type Status } from '../checkers/checker.ts';
import { resultOf } from '../reporters/json.ts';
import { type RunResult, resultsAsJson, worst } from './results.ts';

const ran = (status: Status): RunResult => ({
  name: 'mcp',
  directory: 'reports/mcp',
  result: resultOf(
    judgedBy(dimensions.map((dimension) => ({ dimension, status, rule: 'any', message: '' }))),
  ),
});

describe('the worst of several runs', () => {
  it.each([
    [['pass', 'pass'], 0, 'pass'],
    [['pass', 'inconclusive', 'pass'], 0, 'inconclusive'],
    [['inconclusive', 'fail', 'pass'], 0, 'fail'],
    [['pass', 'pass'], 1, 'inconclusive'],
    [['fail'], 1, 'fail'],
    [[], 0, 'inconclusive'],
  ] satisfies [Status[], number, Status][])('of %j with %d not run is %s', (statuses, notRun, overall) => {
    expect(worst({ results: statuses.map(ran), notRun })).toBe(overall);
  });

  it('is in the JSON, with the number of runs that Ctrl-C came before', () => {
    const json = JSON.parse(resultsAsJson({ results: [ran('pass')], notRun: 2 }, []));
    expect(json).toMatchObject({ overall: 'inconclusive', notRun: 2, runs: [{ name: 'mcp' }] });
    expect(json).not.toHaveProperty('repeats');
  });
});
