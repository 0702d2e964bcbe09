import type { Plan, PlannedProcedure, PlannedStep } from '../definition/plan.ts';
import type { Attempt, Ns, StepResult } from './events.ts';
import { type MarkOf, marksOf } from './spans.ts';
import type { Timeline } from './timeline.ts';

/** One step of a procedure: what was planned and everything that happened to it. */
export interface StepStory {
  readonly procedure: PlannedProcedure;
  readonly planned: PlannedStep;
  /** In the order they ran: as written, then the correction. */
  readonly attempts: readonly AttemptStory[];
  readonly notRun: MarkOf<'step.not-run'> | null;
  readonly manual: MarkOf<'step.manual'> | null;
}

export interface AttemptStory {
  readonly attempt: Attempt;
  readonly command: string | null;
  readonly startNs: Ns;
  /** Null when the journal ends inside it. */
  readonly endNs: Ns | null;
  readonly result: StepResult | null;
  readonly verified: readonly MarkOf<'step.verified'>[];
}

export function plannedProcedures(plan: Plan): PlannedProcedure[] {
  return plan.stages.filter((stage): stage is PlannedProcedure => stage.kind === 'procedure');
}

/** The stories of all steps of all procedures, in the order of the plan. */
export function stepStories(timeline: Timeline, plan: Plan): StepStory[] {
  const starts = marksOf(timeline, 'step.start');
  const ends = marksOf(timeline, 'step.end');
  const verified = marksOf(timeline, 'step.verified');
  const notRun = marksOf(timeline, 'step.not-run');
  const manual = marksOf(timeline, 'step.manual');
  return plannedProcedures(plan).flatMap((procedure) =>
    procedure.steps.map((planned): StepStory => {
      const isIt = (mark: { readonly step: string; readonly procedure: string }) =>
        mark.step === planned.step.id && mark.procedure === procedure.name;
      return {
        procedure,
        planned,
        attempts: attemptsOf(starts.filter(isIt), ends.filter(isIt), verified.filter(isIt)),
        notRun: notRun.findLast(isIt) ?? null,
        manual: manual.findLast(isIt) ?? null,
      };
    }),
  );
}

function attemptsOf(
  starts: readonly MarkOf<'step.start'>[],
  ends: readonly MarkOf<'step.end'>[],
  verified: readonly MarkOf<'step.verified'>[],
): AttemptStory[] {
  return starts.map(({ attempt, command, atNs }) => {
    const end = ends.find((mark) => mark.attempt === attempt && mark.atNs >= atNs);
    return {
      attempt,
      command,
      startNs: atNs,
      endNs: end?.atNs ?? null,
      result: end?.result ?? null,
      verified: verified.filter((mark) => mark.attempt === attempt && mark.atNs >= atNs),
    };
  });
}

/** When a step was over, verification included; null when it did not run. */
export function stepEndNs(story: StepStory): Ns | null {
  const times = story.attempts.flatMap(({ endNs, verified }) => [
    ...(endNs === null ? [] : [endNs]),
    ...verified.map((mark) => mark.atNs),
  ]);
  const manualNs = story.manual?.atNs;
  if (manualNs !== undefined) times.push(manualNs);
  return times.length === 0 ? null : Math.max(...times);
}

/**
 * Declared time of people for the steps that were begun by `untilNs` and not over before `fromNs`. People take it before a
 * step's command, so one whose effect shows while its command still runs counts in full. It is added, never slept.
 */
export function peopleMs(stories: readonly StepStory[], fromNs: Ns, untilNs: Ns): number {
  return stories.reduce((sum, story) => {
    const beganNs = story.attempts[0]?.startNs ?? story.manual?.atNs;
    if (story.planned.do === 'leave-out' || beganNs === undefined || beganNs > untilNs) return sum;
    return (stepEndNs(story) ?? beganNs) < fromNs ? sum : sum + story.planned.peopleMs;
  }, 0);
}
