import type { LoadFigures, LoadThreshold } from '../timeline/load-marks.ts';
import { marksOf } from '../timeline/spans.ts';
import { formatCount, formatMs, formatShare } from './quantities.ts';
import type { Judged } from './reporter.ts';

/** One load of the drill and what it counted. */
export interface LoadReport {
  readonly name: string;
  readonly kind: string;
  readonly ratePerSecond: number;
  readonly exitCode: number | null;
  readonly endedEarly: boolean;
  /** Null: it never began, or left no summary. */
  readonly figures: LoadFigures | null;
}

/** In the drill's order; none where it has none. */
export function loadReports({ plan, timeline }: Judged): readonly LoadReport[] {
  return Object.entries(plan.loads ?? {}).map(([name, { kind, rate }]) => {
    const summary = marksOf(timeline, 'load.summary').findLast(({ load }) => load === name);
    return {
      name,
      kind,
      ratePerSecond: rate,
      exitCode: summary?.exitCode ?? null,
      endedEarly: summary?.endedEarly ?? false,
      figures: summary?.figures ?? null,
    };
  });
}

export const loadColumns: readonly string[] = [
  'Load',
  'Requests',
  'Failed',
  '95 % within',
  '99 % within',
  'Iterations',
  'Dropped',
  'Thresholds',
];

/** A row of `loadColumns`; a dash for what nobody knows. */
export function loadRow({ name, figures }: LoadReport): readonly string[] {
  if (figures === null) return [name, ...loadColumns.slice(1).map(() => '–')];
  const { requests, failedRatio, p95Ms, p99Ms, iterations, droppedIterations, thresholds } = figures;
  return [
    name,
    formatCount(requests),
    failedRatio === null ? '–' : formatShare(failedRatio, 1),
    timeOf(p95Ms),
    timeOf(p99Ms),
    formatCount(iterations),
    formatCount(droppedIterations),
    thresholdsOf(thresholds),
  ];
}

/** What the columns mean where it is not plain. */
export const loadNote =
  'Counted by the load generator from before the steady phase until the platform had settled, outage included. Times are of requests that succeeded. Dropped: due, and no user was free to do it.';

function timeOf(ms: number | null): string {
  return ms === null ? '–' : formatMs(ms);
}

function thresholdsOf(thresholds: readonly LoadThreshold[]): string {
  const crossed = thresholds.filter(({ ok }) => !ok);
  if (thresholds.length === 0) return 'none';
  if (crossed.length === 0) return `all ${thresholds.length} held`;
  return `crossed: ${crossed.map(({ metric, condition }) => `${metric} ${condition}`).join(', ')}`;
}

/** What became of the drill's loads, each in one sentence. */
export function loadSentences({ findings }: Judged): readonly string[] {
  return findings.filter(({ rule }) => rule === 'load').map(({ message }) => message);
}
