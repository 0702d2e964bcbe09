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

/** What was run of all that was asked for. */
export interface Ran {
  readonly results: readonly RunResult[];
  /** Runs that Ctrl-C came before. */
  readonly notRun: number;
}

/** The worst of several drills; one that was asked for and did not run proved nothing, and neither do none at all. */
export function worst({ results, notRun }: Ran): Status {
  const found = new Set(results.map(({ result }) => result.verdict.overall));
  if (found.has('fail')) return 'fail';
  return found.has('inconclusive') || found.size === 0 || notRun > 0 ? 'inconclusive' : 'pass';
}

/** `{overall, runs: [{name, directory, result}], notRun, skipped}`, and `repeats: [{name, …}]` where drills ran more than once. */
export function resultsAsJson(ran: Ran, skipped: readonly Skipped[]): string {
  const { results: runs, notRun } = ran;
  const repeats = repeatsByDrill(runs);
  const repeated = repeats.some((each) => each.runs > 1) ? { repeats } : {};
  return JSON.stringify({ overall: worst(ran), runs, notRun, ...repeated, skipped }, null, 2);
}

/** What the runs of each drill tell together, drills in the order of their first run. */
export function repeatsByDrill(results: readonly RunResult[]): readonly NamedRepeats[] {
  return [...Map.groupBy(results, ({ name }) => name)].map(([name, runs]): { name: string } & Repeats => ({
    name,
    ...repeatsOf(runs.map(({ result }) => result)),
  }));
}
