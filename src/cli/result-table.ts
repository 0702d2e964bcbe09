import { dimensions } from '../checkers/checker.ts';
import { formatInterval, formatMs } from '../reporters/quantities.ts';
import type { Result } from '../reporters/result.ts';
import { columns } from './columns.ts';
import type { RunResult } from './results.ts';

const heading = ['drill', 'verdict', 'RTO', 'RPO', 'as written', 'took', ''];
const ran = new Set(['as-written', 'corrected', 'not-proved', 'platform-differs', 'failed']);

/** A line a drill: its verdict, its figures, how many of the commands it ran work as written, and what is no pass. */
export function resultTable(results: readonly RunResult[]): readonly string[] {
  return columns([heading, ...results.map(rowOf), totalOf(results)], new Set([0, 1, 6]));
}

function rowOf({ name, result }: RunResult): readonly string[] {
  const { verdict, figures, run } = result;
  const not = dimensions.filter((dimension) => verdict.dimensions[dimension] !== 'pass');
  return [
    name,
    verdict.overall,
    rtoOf(figures),
    figures.rpoMs === null || figures.rpoMs === undefined ? '–' : formatMs(figures.rpoMs),
    commandsOf(result),
    seconds(run.durationMs),
    not.map((dimension) => `${dimension} ${verdict.dimensions[dimension]}`).join(', '),
  ];
}

function rtoOf({ rtoLowerMs = null, rtoUpperMs = null }: Result['figures']): string {
  return rtoLowerMs === null && rtoUpperMs === null ? '–' : formatInterval(rtoLowerMs, rtoUpperMs);
}

/** Of the commands that were tried; one that a stand-in ran is not proved, and so does not count as working. */
function commandsOf({ steps }: Result): string {
  const commands = steps.filter(({ kind, outcome }) => kind === 'command' && ran.has(outcome));
  if (commands.length === 0) return '–';
  return `${commands.filter(({ outcome }) => outcome === 'as-written').length} of ${commands.length}`;
}

function totalOf(results: readonly RunResult[]): readonly string[] {
  const passed = results.filter(({ result }) => result.verdict.overall === 'pass').length;
  const tookMs = results.reduce((sum, { result }) => sum + result.run.durationMs, 0);
  return ['together', `${passed} of ${results.length} pass`, '', '', '', seconds(tookMs)];
}

function seconds(ms: number): string {
  const tenths = Math.round(ms / 100);
  return tenths < 600 ? `${(tenths / 10).toFixed(1)} s` : formatMs(Math.round(ms / 1000) * 1000);
}
