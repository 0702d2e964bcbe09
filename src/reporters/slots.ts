import type { Ns, SlotOutcome } from '../timeline/events.ts';
import type { SlotSeries } from '../timeline/timeline.ts';

export type SlotCounts = { readonly [O in SlotOutcome]: number };

/** How many slots of a probe ended each way. */
export function countSlots(series: SlotSeries): SlotCounts {
  const counts = { ok: 0, failed: 0, late: 0, unsent: 0, aborted: 0 };
  for (let index = 0; index < series.length; index++) counts[series.at(index).outcome]++;
  return counts;
}

/** Worst first: what a column of a picture shows that stands for many slots. A lone failure is never painted over. */
const precedence = ['failed', 'late', 'unsent', 'aborted', 'ok'] as const satisfies readonly SlotOutcome[];

/** Neighbouring columns of a picture that look the same, as one. Positions are shares (0 to 1) of the picture's width. */
export interface SlotRun {
  readonly outcome: SlotOutcome;
  /** Quarters of these slots with the outcome, 1 to 4: how high the column stands. */
  readonly quarters: number;
  readonly from: number;
  readonly to: number;
}

/** The part of a run that a picture shows. */
export interface Span {
  readonly fromNs: Ns;
  readonly toNs: Ns;
}

/**
 * Slots of a probe summed up in at most `columns` columns, however long the run was, and neighbours that look alike
 * joined. Columns in which no slot was due are left out: nothing is known there.
 */
export function slotRuns(series: SlotSeries, span: Span, columns: number): readonly SlotRun[] {
  const runs: SlotRun[] = [];
  for (const [column, count] of columnCounts(series, span, columns).entries()) {
    if (count === undefined) continue;
    const look = lookOf(count);
    const [from, to] = [column / columns, (column + 1) / columns];
    const last = runs.at(-1);
    if (last?.to === from && last.outcome === look.outcome && last.quarters === look.quarters) {
      runs[runs.length - 1] = { ...last, to };
    } else {
      runs.push({ ...look, from, to });
    }
  }
  return runs;
}

type Counts = { [O in SlotOutcome]: number };

function columnCounts(
  series: SlotSeries,
  { fromNs, toNs }: Span,
  columns: number,
): readonly (Counts | undefined)[] {
  const counts: (Counts | undefined)[] = new Array(columns).fill(undefined);
  const columnOf = (ns: Ns) => Math.floor(((ns - fromNs) * columns) / (toNs - fromNs));
  for (let index = 0; index < series.length; index++) {
    const { dueNs, outcome } = series.at(index);
    const first = columnOf(dueNs);
    // Where slots are rarer than columns, each stands until the next is due.
    const end = Math.max(first + 1, columnOf(dueNs + series.periodNs));
    for (let column = Math.max(0, first); column < Math.min(columns, end); column++) {
      const count = counts[column] ?? { ok: 0, failed: 0, late: 0, unsent: 0, aborted: 0 };
      count[outcome]++;
      counts[column] = count;
    }
  }
  return counts;
}

function lookOf(count: Counts): Pick<SlotRun, 'outcome' | 'quarters'> {
  const total = precedence.reduce((sum, outcome) => sum + count[outcome], 0);
  const outcome = precedence.find((candidate) => count[candidate] > 0) ?? 'ok';
  return { outcome, quarters: Math.ceil((count[outcome] / total) * 4) };
}
