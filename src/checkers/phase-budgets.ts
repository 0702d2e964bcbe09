import { formatDuration } from '../definition/duration.ts';
import type { Plan, PlannedProcedure } from '../definition/plan.ts';
import { procedures, type Span } from '../timeline/spans.ts';
import { peopleMs, plannedProcedures, type StepStory, stepEndNs } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Finding } from './checker.ts';
import { msOf } from './wording.ts';

type PlannedPhase = PlannedProcedure['phases'][number];

/**
 * The runbook's phases against what they took: from the start of the procedure to the end of the phase's last step that
 * was taken, the declared time of people added. A phase of which nothing was taken has no time.
 */
export function phaseBudgets(timeline: Timeline, plan: Plan, stories: readonly StepStory[]): Finding[] {
  return plannedProcedures(plan).flatMap((procedure) => {
    const span = procedures(timeline).find(({ name }) => name === procedure.name);
    if (span === undefined) return [];
    const own = stories.filter((story) => story.procedure === procedure);
    return procedure.phases.flatMap((phase) => ofPhase(phase, procedure.name, span, own));
  });
}

function ofPhase(
  { ordinal, name, budget }: PlannedPhase,
  procedure: string,
  span: Span,
  stories: readonly StepStory[],
): Finding[] {
  if (budget === null) return [];
  const ends = stories
    .filter((story) => story.planned.step.phase === ordinal)
    .flatMap((story) => stepEndNs(story) ?? []);
  if (ends.length === 0) return [];
  const endNs = Math.max(...ends);
  const machineMs = msOf(endNs - span.fromNs);
  const people = peopleMs(stories, span.fromNs, endNs);
  const elapsedMs = machineMs + people;
  const over = elapsedMs > budget.toMs;
  const added = people === 0 ? '' : `, ${formatDuration(people)} of it people's`;
  return [
    {
      dimension: 'runbook',
      status: over ? 'fail' : 'pass',
      rule: 'runbook.budget',
      message: `Phase ${ordinal} (${name}) of procedure "${procedure}" was over ${formatDuration(elapsedMs)} after the procedure's start${added}, ${over ? `${formatDuration(elapsedMs - budget.toMs)} later than` : 'within'} its budget of ${formatDuration(budget.toMs)}.`,
      figures: { procedure, phase: ordinal, elapsedMs, machineMs, peopleMs: people, budgetMs: budget.toMs },
      evidenceNs: [span.fromNs, endNs],
    },
  ];
}
