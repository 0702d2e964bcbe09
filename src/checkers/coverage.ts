import type { Plan } from '../definition/plan.ts';
import { plannedProcedures, type StepStory } from '../timeline/steps.ts';
import type { Finding } from './checker.ts';
import { outcomeOf, type StepOutcome, standInsOf } from './step-outcome.ts';
import { counted } from './wording.ts';

/** The step was really gone through, however it ended. */
export const exercised: ReadonlySet<StepOutcome['kind']> = new Set([
  'as-written',
  'corrected',
  'failed',
  'platform-differs',
  'asked-again',
  'by-operator',
  'performed',
]);

/** How much of each section's steps the drill exercised; what it left out is named, with the reason. */
export function coverageOf(plan: Plan, stories: readonly StepStory[]): Finding[] {
  return plannedProcedures(plan).map((procedure) => {
    const outcomes = stories
      .filter((story) => story.procedure === procedure)
      .map((story) => ({ story, outcome: outcomeOf(story) }));
    const done = outcomes.filter(({ outcome }) => exercised.has(outcome.kind));
    const notProved = done.filter(({ outcome }) => standInsOf(outcome).length > 0).length;
    const others = outcomes.filter(({ outcome }) => !exercised.has(outcome.kind));
    const parts = [
      `${done.length} of ${counted(outcomes.length, 'step')} of "${procedure.section.join(' > ')}" exercised`,
      ...tally(outcomes.map(({ outcome }) => outcome.kind)),
    ];
    if (notProved > 0) parts.push(`${notProved} of them not proved (stand-ins)`);
    return {
      dimension: 'runbook',
      status: 'pass',
      rule: 'runbook.coverage',
      message: `${parts.join(', ')}.`,
      figures: { procedure: procedure.name, steps: outcomes.length, exercised: done.length, notProved },
      ...(others.length > 0 && {
        details: others.map(
          ({ story, outcome }) =>
            `${titleOf(story.planned.step.text)}: ${'why' in outcome ? outcome.why : outcome.kind}`,
        ),
      }),
    };
  });
}

/** The first line, which may itself announce something. */
const titleOf = (text: string): string => (text.split('\n')[0] ?? '').replace(/:+\s*$/, '');

const words: { readonly [K in StepOutcome['kind']]: string } = {
  'as-written': 'as written',
  corrected: 'corrected',
  failed: 'failed',
  'platform-differs': 'failed as the platform differs',
  'asked-again': 'asked again after the fault',
  'not-run': 'not run',
  'left-out': 'left out',
  'by-operator': 'by the operator',
  performed: 'performed by the drill',
  'not-performed': 'not performed',
  'refused-by-operator': 'failed for the operator',
  undone: 'left undone',
};

function tally(kinds: readonly StepOutcome['kind'][]): string[] {
  return (Object.keys(words) as StepOutcome['kind'][]).flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [`${count} ${words[kind]}`];
  });
}
