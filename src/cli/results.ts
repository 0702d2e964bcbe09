import type { Status } from '../checkers/checker.ts';
import { type Repeats, repeatsOf } from '../reporters/repeats.ts';
import type { Result } from '../reporters/result.ts';
import type { NamedRepeats } from './repeat-table.ts';
import type { Skipped } from './select-drills.ts';

/** What is kept of a run when it is over: not its timeline, of which a day of repetitions would fill the memory. */
export interface RunResult {
  readonly name: string;
  readonly directory: string;
  readonly result: Result;
}

/** The worst of several drills; a run without any drill proved nothing. */
export function worst(results: readonly RunResult[]): Status {
  const found = new Set(results.map(({ result }) => result.verdict.overall));
  if (found.has('fail')) return 'fail';
  return found.has('inconclusive') || found.size === 0 ? 'inconclusive' : 'pass';
}

/** `{overall, runs: [{name, directory, result}], skipped}`, and `repeats: [{name, …}]` where drills ran more than once. */
export function resultsAsJson(results: readonly RunResult[], skipped: readonly Skipped[]): string {
  const repeats = repeatsByDrill(results);
  const repeated = repeats.some(({ runs }) => runs > 1) ? { repeats } : {};
  return JSON.stringify({ overall: worst(results), runs: results, ...repeated, skipped }, null, 2);
}

/** What the runs of each drill tell together, drills in the order of their first run. */
export function repeatsByDrill(results: readonly RunResult[]): readonly NamedRepeats[] {
  return [...Map.groupBy(results, ({ name }) => name)].map(([name, runs]): { name: string } & Repeats => ({
    name,
    ...repeatsOf(runs.map(({ result }) => result)),
  }));
}
