import type { Plan, PlannedStep } from '../definition/plan.ts';
import type { Lines } from '../runbook/runbook.ts';
import { type AttemptStory, type StepStory, stepStories } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** What became of one step of a procedure. */
export interface StepReport {
  readonly id: string;
  readonly procedure: string;
  readonly kind: 'command' | 'query' | 'manual';
  /** The runbook's own words. */
  readonly text: string;
  readonly title: string | null;
  readonly phase: number | null;
  readonly lines: Lines;
  readonly outcome: StepOutcome;
  /** Why it was left out, not run, or corrected; null where the outcome says it all. */
  readonly reason: string | null;
  readonly attempts: readonly AttemptStory[];
}

export const stepOutcomes = [
  'as-written',
  'corrected',
  'not-proved',
  'platform-differs',
  'performed',
  'done-by-operator',
  'failed',
  'not-run',
  'undone',
  'left-out',
] as const;

/**
 * `not-proved`: it ran with a stand-in for a missing program. `performed`: the drill did what a person would.
 * `undone`: a manual step that nobody did. `left-out`: the drill does not use it and says why.
 */
export type StepOutcome = (typeof stepOutcomes)[number];

/** Every step of every procedure of the plan, in the order of the plan. */
export function stepReports(plan: Plan, timeline: Timeline): readonly StepReport[] {
  return stepStories(timeline, plan).map((story) => {
    const { id, kind, text, title, phase, lines } = story.planned.step;
    const { attempts, procedure } = story;
    return { id, procedure: procedure.name, kind, text, title, phase, lines, ...outcomeOf(story), attempts };
  });
}

/** Whether the attempt ended as it should: exit code 0, in time, and every effect proved. */
export function succeeded({ result, verified }: AttemptStory): boolean {
  return result !== null && result.exitCode === 0 && !result.timedOut && verified.every((check) => check.ok);
}

type Outcome = Pick<StepReport, 'outcome' | 'reason'>;

function outcomeOf({ planned, attempts, manual, notRun }: StepStory): Outcome {
  if (planned.do === 'leave-out') return { outcome: 'left-out', reason: planned.reason };
  if (manual !== null) return operatorOutcome[manual.answer](manual.note === '' ? null : manual.note);
  const last = attempts.at(-1);
  if (last !== undefined) return attemptedOutcome(planned, last);
  if (notRun === null) return { outcome: 'not-run', reason: 'the run ended before this step' };
  return { outcome: notRun.why === 'left-undone' ? 'undone' : 'not-run', reason: notRun.reason };
}

const operatorOutcome: {
  readonly [answer in 'done' | 'skipped' | 'failed']: (note: string | null) => Outcome;
} = {
  done: (reason) => ({ outcome: 'done-by-operator', reason }),
  skipped: (reason) => ({ outcome: 'undone', reason }),
  failed: (reason) => ({ outcome: 'failed', reason }),
};

function attemptedOutcome(planned: PlannedStep, last: AttemptStory): Outcome {
  const differs = planned.do === 'run' ? planned.platformDiffers : null;
  if (!succeeded(last)) {
    return differs === null
      ? { outcome: 'failed', reason: null }
      : { outcome: 'platform-differs', reason: differs };
  }
  const correction = planned.do === 'run' ? planned.correction : null;
  if (last.attempt === 'correction') return { outcome: 'corrected', reason: correction?.reason ?? null };
  const standIns = last.result?.standIns ?? [];
  if (standIns.length > 0)
    return { outcome: 'not-proved', reason: `ran with a stand-in for ${standIns.join(', ')}` };
  return { outcome: last.attempt === 'performed' ? 'performed' : 'as-written', reason: null };
}
