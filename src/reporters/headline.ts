import { figure, recoveryObjective } from './figures.ts';
import { formatCount, formatInterval, formatMs } from './quantities.ts';
import type { Judged } from './reporter.ts';
import { type StepOutcome, type StepReport, stepReports } from './steps.ts';

/** One of the few facts that stand above everything else, in every report. */
export interface Headline {
  readonly label: 'RTO' | 'RPO' | 'Runbook';
  readonly value: string;
  readonly note: string;
}

export function headlines(judged: Judged): readonly Headline[] {
  const steps = stepReports(judged.plan, judged.timeline);
  return [rto(judged), rpo(judged), ...(steps.some(isCommand) ? [runbook(steps)] : [])];
}

/** `database-primary-loss (async)`: how a run is called. */
export function drillName({ plan }: Judged): string {
  return plan.variant === null ? plan.drill : `${plan.drill} (${plan.variant})`;
}

const outcomeWords: { readonly [O in StepOutcome]: string } = {
  'as-written': 'as written',
  corrected: 'corrected',
  'not-proved': 'not proved',
  'platform-differs': 'platform differs',
  'asked-again': 'asked again',
  performed: 'performed by the drill',
  'by-operator': 'done by a person',
  failed: 'failed',
  'refused-by-operator': 'failed for a person',
  'not-performed': 'not performed',
  'not-run': 'not run',
  undone: 'not done',
  'left-out': 'left out',
};

export function outcomeWord(outcome: StepOutcome): string {
  return outcomeWords[outcome];
}

/** Commands of the runbook that a reader must look at, worst first: they did not work, or nobody knows. */
export function notAsWritten(judged: Judged): readonly StepReport[] {
  const order: readonly StepOutcome[] = ['failed', 'corrected', 'not-run', 'not-proved'];
  return stepReports(judged.plan, judged.timeline)
    .filter((step) => isCommand(step) && order.includes(step.outcome))
    .toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome));
}

/** `1 failed, 2 corrected`, in the order of the vocabulary; nothing for outcomes that did not occur. */
export function outcomeCounts(steps: readonly StepReport[]): string {
  const counts = Map.groupBy(steps, (step) => step.outcome);
  return Object.entries(outcomeWords)
    .flatMap(([outcome, word]) => {
      const count = counts.get(outcome as StepOutcome)?.length ?? 0;
      return count === 0 ? [] : [`${count} ${word}`];
    })
    .join(', ');
}

function rto({ plan, findings }: Judged): Headline {
  const target = recoveryObjective(plan)?.targetMs ?? null;
  const people = figure(findings, 'rtoWithPeopleUpperMs');
  const upper = figure(findings, 'rtoUpperMs');
  const notes = [
    target === null ? 'no target' : `target ${formatMs(target)}`,
    ...(people !== null && people !== upper ? [`at most ${formatMs(people)} with people`] : []),
  ];
  return {
    label: 'RTO',
    value: formatInterval(figure(findings, 'rtoLowerMs'), upper),
    note: notes.join(', '),
  };
}

function rpo({ findings }: Judged): Headline {
  const [rpoMs, lost, acked] = (['rpoMs', 'lost', 'acked'] as const).map((name) => figure(findings, name));
  const unknown = figure(findings, 'indeterminate') ?? 0;
  const value = rpoMs === null || rpoMs === undefined ? 'not measured' : formatMs(rpoMs);
  if (typeof lost !== 'number') return { label: 'RPO', value, note: 'no ledger was read back' };
  const of = typeof acked === 'number' ? ` of ${formatCount(acked)}` : '';
  const notes = [
    `${formatCount(lost)}${of} acknowledged writes lost`,
    ...(unknown > 0 ? [`${formatCount(unknown)} indeterminate`] : []),
  ];
  return { label: 'RPO', value, note: notes.join(', ') };
}

function runbook(steps: readonly StepReport[]): Headline {
  const used = steps.filter((step) => isCommand(step) && step.outcome !== 'left-out');
  const others = used.filter((step) => step.outcome !== 'as-written');
  return {
    label: 'Runbook',
    value: `${used.length - others.length} of ${used.length}`,
    note: `commands work as written${others.length === 0 ? '' : `; ${outcomeCounts(others)}`}`,
  };
}

function isCommand(step: StepReport): boolean {
  return step.kind !== 'manual';
}
