import { dimensions, type Status } from '../checkers/checker.ts';
import { lossChanceAtMost } from '../checkers/loss-bound.ts';
import type { Result } from './result.ts';

/** What several runs of one drill tell together. */
export interface Repeats {
  readonly runs: number;
  readonly verdicts: { readonly [S in Status]: number };
  /** Runs whose verdict is another than most runs', in the order they were made. */
  readonly differing: readonly DifferingRun[];
  /** Over the runs that are valid and have an RTO, by its upper end; null where none is. */
  readonly rto: RtoSpread | null;
  /** Over the runs that read a ledger back; null where none did. */
  readonly rpo: LossSpread | null;
}

export interface DifferingRun {
  /** From 1. */
  readonly number: number;
  readonly id: string;
  readonly overall: Status;
  /** Its findings that are no pass and that not one of the usual runs has; its verdicts where there is no such finding. */
  readonly because: readonly string[];
}

export interface RtoSpread {
  readonly runs: number;
  readonly min: RunTime;
  /** With an even number of runs the upper of the two in the middle. */
  readonly median: RunTime;
  readonly max: RunTime;
}

/** `censored`: the run ended before recovery, so it took longer than that; it ranks after every run that recovered. */
export interface RunTime {
  readonly ms: number;
  readonly censored: boolean;
}

export interface LossSpread {
  readonly runs: number;
  readonly worstMs: number;
  readonly runsThatLost: number;
  /** At 95 % confidence; null when a run lost something, or had nothing in flight to lose. */
  readonly chanceAtMost: number | null;
}

/** @param results runs of one drill and variant, at least one, in the order they were made */
export function repeatsOf(results: readonly Result[]): Repeats {
  const count = (status: Status) => results.filter(({ verdict }) => verdict.overall === status).length;
  return {
    runs: results.length,
    verdicts: { pass: count('pass'), inconclusive: count('inconclusive'), fail: count('fail') },
    differing: differingRuns(results),
    rto: rtoSpread(results),
    rpo: lossSpread(results),
  };
}

function differingRuns(results: readonly Result[]): readonly DifferingRun[] {
  const kinds = [...Map.groupBy(results, verdictKey).values()];
  const [usual = []] = kinds.toSorted((one, other) => other.length - one.length);
  const known = new Set(usual.flatMap(({ findings }) => findings.filter(isTrouble).map(findingKey)));
  return results.flatMap((result, index) => {
    if (usual.includes(result)) return [];
    const own = result.findings.filter((finding) => isTrouble(finding) && !known.has(findingKey(finding)));
    const because = own.length > 0 ? own.map(({ message }) => message) : [verdictWords(result)];
    return [{ number: index + 1, id: result.run.id, overall: result.verdict.overall, because }];
  });
}

type ResultFinding = Result['findings'][number];

function verdictKey({ verdict }: Result): string {
  return dimensions.map((dimension) => verdict.dimensions[dimension]).join(' ');
}

function verdictWords({ verdict }: Result): string {
  const words = dimensions.map((dimension) => `${dimension} ${verdict.dimensions[dimension]}`);
  return words.join(', ');
}

function isTrouble({ status }: ResultFinding): boolean {
  return status !== 'pass';
}

/** What tells one finding from another, whatever figures are in its message. */
function findingKey({ dimension, status, rule, where, figures }: ResultFinding): string {
  const { objective = '', ledger = '', step = '', probe = '' } = figures ?? {};
  return JSON.stringify([dimension, status, rule, where ?? '', objective, ledger, step, probe]);
}

function rtoSpread(results: readonly Result[]): RtoSpread | null {
  const times = results.flatMap(rtoOf).toSorted(byTime);
  const [min, median, max] = [times[0], times[Math.floor(times.length / 2)], times.at(-1)];
  return min && median && max ? { runs: times.length, min, median, max } : null;
}

/** A time of a run that is not valid proves nothing, as its own report says. */
function rtoOf({ figures, verdict }: Result): readonly RunTime[] {
  if (verdict.dimensions.validity !== 'pass') return [];
  const { rtoLowerMs, rtoUpperMs } = figures;
  if (typeof rtoUpperMs === 'number') return [{ ms: rtoUpperMs, censored: false }];
  return typeof rtoLowerMs === 'number' ? [{ ms: rtoLowerMs, censored: true }] : [];
}

function byTime(one: RunTime, other: RunTime): number {
  return Number(one.censored) - Number(other.censored) || one.ms - other.ms;
}

/** A run counts once, whichever of its ledgers lost something. */
function lossSpread(results: readonly Result[]): LossSpread | null {
  const read = results
    .map(({ findings, verdict }) => ({
      losses: findings.flatMap(({ figures }) => (typeof figures?.lost === 'number' ? [figures] : [])),
      judged: verdict.dimensions.data === 'pass',
    }))
    .filter(({ losses }) => losses.length > 0);
  if (read.length === 0) return null;
  const runsThatLost = read.filter(({ losses }) => losses.some(({ lost }) => Number(lost) > 0)).length;
  const proves = runsThatLost === 0 && read.every(({ judged }) => judged);
  return {
    runs: read.length,
    worstMs: Math.max(...read.flatMap(({ losses }) => losses.map(({ rpoMs }) => Number(rpoMs ?? 0)))),
    runsThatLost,
    chanceAtMost: proves ? lossChanceAtMost(read.length) : null,
  };
}
