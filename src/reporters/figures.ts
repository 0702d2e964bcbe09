import type { Dimension, Finding, Status } from '../checkers/checker.ts';
import type { Objective, Plan } from '../definition/plan.ts';
import type { Judged } from './reporter.ts';

/** Names of the figures that checkers give their findings and that every report shows. Units are in the names. */
export const headlineFigures = [
  'rtoLowerMs',
  'rtoUpperMs',
  'rtoTargetMs',
  'rtoWithPeopleUpperMs',
  'rpoMs',
  'lost',
  'acked',
  'indeterminate',
  'recoveredWrites',
  'availability',
] as const;
export type HeadlineFigure = (typeof headlineFigures)[number];

const severity: { readonly [S in Status]: number } = { pass: 0, inconclusive: 1, fail: 2 };

/**
 * A headline figure, from the finding of the objective named `rto` or `rpo` where a drill has several like it, else from
 * the first that gives it. Null where that finding says so (no upper end: not recovered) or no checker measured it.
 */
export function figure(findings: readonly Finding[], name: HeadlineFigure): number | null {
  const giving = findings.filter(({ figures }) => figures !== undefined && name in figures);
  const main =
    giving.find(({ figures }) => figures?.objective === 'rto' || figures?.objective === 'rpo') ?? giving[0];
  const value = main?.figures?.[name];
  return typeof value === 'number' ? value : null;
}

/** Findings of one dimension, worst first; passes by how much they tell, all else in the checkers' order. */
export function findingsOf(judged: Judged, dimension: Dimension): readonly Finding[] {
  return judged.findings.filter((finding) => finding.dimension === dimension).toSorted(worstFirst);
}

/** The worst finding that speaks about an objective of the drill; undefined where no checker judged it. */
export function findingOfObjective({ plan, findings }: Judged, name: string): Finding | undefined {
  const objective = plan.objectives[name];
  return findings
    .filter(({ figures }) => {
      if (objective?.kind === 'loss') return figures?.ledger === objective.ledger && 'lost' in figures;
      return figures?.objective === name;
    })
    .toSorted(worstFirst)[0];
}

/** The objective that is the drill's RTO: the one of that name, else the first time that ends with recovery. */
export function recoveryObjective({ objectives }: Plan): Extract<Objective, { kind: 'time' }> | null {
  const times = Object.entries(objectives).flatMap(([name, one]) =>
    one.kind === 'time' ? [{ name, one }] : [],
  );
  const main = times.find(({ name }) => name === 'rto') ?? times.find(({ one }) => one.until === 'recovered');
  return main?.one ?? null;
}

/** What `drillbook run` exits with. */
export const exitCodes: { readonly [S in Status]: number } = { pass: 0, fail: 1, inconclusive: 2 };

/** What sums a dimension up when nothing is wrong with it, the most telling first. */
const telling = [
  'procedure.not-needed',
  'rto',
  'rpo.lost',
  'rpo',
  'validity.steady',
  'runbook.coverage',
  'cleanup.environment',
];

function worstFirst(one: Finding, other: Finding): number {
  return severity[other.status] - severity[one.status] || rankOf(one) - rankOf(other);
}

function rankOf({ status, rule }: Finding): number {
  const rank = status === 'pass' ? telling.indexOf(rule) : 0;
  return rank === -1 ? telling.length : rank;
}
