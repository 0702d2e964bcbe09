import { dimensions, type Status } from '../checkers/checker.ts';
import { resultOf } from '../reporters/json.ts';
import type { Judged } from '../reporters/reporter.ts';
import type { Skipped } from './select-drills.ts';

export interface RunResult {
  readonly name: string;
  readonly directory: string;
  readonly judged: Judged;
}

/** The worst of several drills; a run without any drill proved nothing. */
export function worst(results: readonly RunResult[]): Status {
  const found = new Set(results.map(({ judged }) => judged.verdict.overall));
  if (found.has('fail')) return 'fail';
  return found.has('inconclusive') || found.size === 0 ? 'inconclusive' : 'pass';
}

export function resultsAsJson(results: readonly RunResult[], skipped: readonly Skipped[]): string {
  const runs = results.map(({ name, directory, judged }) => ({ name, directory, result: resultOf(judged) }));
  return JSON.stringify({ overall: worst(results), runs, skipped }, null, 2);
}

/** One line a drill: its verdict, and which dimensions are not a pass. */
export function resultTable(results: readonly RunResult[]): readonly string[] {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results.map(({ name, judged: { verdict } }) => {
    const not = dimensions.filter((dimension) => verdict.dimensions[dimension] !== 'pass');
    const why = not.map((dimension) => `${dimension} ${verdict.dimensions[dimension]}`).join(', ');
    return `${name.padEnd(width)}  ${verdict.overall.padEnd(12)}  ${why}`.trimEnd();
  });
}
