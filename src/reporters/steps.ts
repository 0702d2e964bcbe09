import { type StepOutcome as Concluded, outcomeOf, standInsOf } from '../checkers/step-outcome.ts';
import type { Plan } from '../definition/plan.ts';
import type { Lines } from '../runbook/runbook.ts';
import { type AttemptStory, stepStories } from '../timeline/steps.ts';
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
  'asked-again',
  'performed',
  'by-operator',
  'failed',
  'refused-by-operator',
  'not-performed',
  'not-run',
  'undone',
  'left-out',
] as const satisfies readonly (Concluded['kind'] | 'not-proved')[];

/** What the checkers conclude; `not-proved`: it worked, but with a stand-in for a program that is not here. */
export type StepOutcome = (typeof stepOutcomes)[number];

/** Every step of every procedure of the plan, in the order of the plan. */
export function stepReports(plan: Plan, timeline: Timeline): readonly StepReport[] {
  return stepStories(timeline, plan).map((story) => {
    const { id, kind, text, title, phase, lines } = story.planned.step;
    const { attempts, procedure } = story;
    const concluded = outcomeOf(story);
    const correction = story.planned.do === 'run' ? story.planned.correction : null;
    const common = { id, procedure: procedure.name, kind, text, title, phase, lines, attempts };
    return { ...common, outcome: proved(concluded), reason: reasonOf(concluded, correction?.reason ?? null) };
  });
}

function proved(concluded: Concluded): StepOutcome {
  const works = concluded.kind === 'as-written' || concluded.kind === 'performed';
  return works && standInsOf(concluded).length > 0 ? 'not-proved' : concluded.kind;
}

function reasonOf(concluded: Concluded, correction: string | null): string | null {
  if (proved(concluded) === 'not-proved')
    return `ran with a stand-in for ${standInsOf(concluded).join(', ')}`;
  if (!('why' in concluded)) return null;
  return concluded.kind === 'corrected' && correction !== null
    ? `${concluded.why}: ${correction}`
    : concluded.why;
}
