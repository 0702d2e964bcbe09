import type { Plan } from '../definition/plan.ts';
import { type StepStory, stepStories } from '../timeline/steps.ts';
import type { Checker, Finding } from './checker.ts';
import { correctionDebt } from './correction-debt.ts';
import { coverageOf } from './coverage.ts';
import { phaseBudgets } from './phase-budgets.ts';
import { outcomeOf, type StepOutcome, standInsOf } from './step-outcome.ts';
import { listed } from './wording.ts';

/** Whether the runbook works as it is written: each command, the budgets of its phases, and how much of it was exercised. */
export const runbook: Checker = {
  name: 'runbook',
  dimension: 'runbook',
  check(timeline, plan) {
    const stories = stepStories(timeline, plan);
    if (stories.length === 0) {
      return [
        {
          dimension: 'runbook',
          status: 'pass',
          rule: 'runbook.coverage',
          message: 'This drill rehearses no procedure of a runbook.',
        },
      ];
    }
    const steps = stories.flatMap((story) => ofStep(story, outcomeOf(story), plan));
    return [...steps, ...phaseBudgets(timeline, plan, stories), ...coverageOf(plan, stories)];
  },
};

type Judged = Pick<Finding, 'status' | 'message' | 'todo'>;

function ofStep(story: StepStory, outcome: StepOutcome, plan: Plan): Finding[] {
  if (outcome.kind === 'left-out') return [];
  const { step } = story.planned;
  const judged = judgeStep(story, outcome, plan);
  const standIns = standInsOf(outcome);
  const unproved = standIns.length === 0 ? '' : ` Not proved: ${listed(standIns)} was a stand-in.`;
  const times = story.attempts.flatMap(({ startNs, endNs }) =>
    endNs === null ? [startNs] : [startNs, endNs],
  );
  return [
    {
      dimension: 'runbook',
      status: judged.status,
      rule: step.kind === 'manual' ? 'runbook.manual' : 'runbook.step',
      message: `${judged.message}${unproved}`,
      figures: {
        step: step.id,
        procedure: story.procedure.name,
        outcome: outcome.kind,
        proved: standIns.length === 0,
      },
      where: `${plan.runbook?.file ?? 'runbook'}:${step.lines.from}`,
      ...(judged.todo !== undefined && { todo: judged.todo }),
      ...(times.length > 0 && { evidenceNs: times }),
      ...outputOf(outcome),
    },
  ];
}

function judgeStep({ planned }: StepStory, outcome: StepOutcome, plan: Plan): Judged {
  const text = quoted(planned.step.text);
  switch (outcome.kind) {
    case 'as-written':
      return { status: 'pass', message: `${text} works as written.` };
    case 'corrected':
      return corrected(text, outcome.why, planned.do === 'run' ? planned.correction : null, plan);
    case 'failed':
      return { status: 'fail', message: `${text} fails as written: ${outcome.why}.` };
    case 'platform-differs':
      return {
        status: 'pass',
        message: `${text} failed here because the replica differs from the platform: ${outcome.why}.`,
      };
    case 'not-run':
      if (outcome.differs !== undefined)
        return { status: 'pass', message: `${text} is not run here: ${outcome.why}; ${outcome.differs}.` };
      return { status: 'inconclusive', message: `${text} is not proved to work: ${outcome.why}.` };
    case 'left-out':
      return { status: 'pass', message: `${text} is left out by the drill: ${outcome.why}.` };
    case 'asked-again':
      return { status: 'pass', message: `${text} was asked again after the fault.` };
    case 'by-operator':
      return { status: 'pass', message: `${text} was done by the operator.` };
    case 'performed':
      return { status: 'pass', message: `${text} was performed by the drill.` };
    case 'not-performed':
      return {
        status: 'inconclusive',
        message: `${text} could not be performed by the drill: ${outcome.why}.`,
        todo: "Repair the drill's perform command.",
      };
    case 'refused-by-operator':
      return { status: 'fail', message: `${text} does not work as written: ${outcome.why}.` };
    case 'undone':
      return { status: 'pass', message: `${text} was left undone: ${outcome.why}.` };
  }
}

function corrected(
  text: string,
  why: string,
  correction: { readonly command: string; readonly reason: string } | null,
  plan: Plan,
): Judged {
  const debt = correctionDebt(plan);
  const reason = correction === null ? '' : ` (${correction.reason})`;
  return {
    status: debt.due ? 'fail' : 'pass',
    message: `${text} fails as written: ${why}. The drill's correction works${reason}; ${debt.words}.`,
    ...(correction !== null && { todo: `Write instead: ${correction.command}` }),
  };
}

/** The first line of a command or sentence, short enough for a sentence of ours. */
function quoted(text: string): string {
  const [first = '', ...more] = text.trim().split('\n');
  const cut = first.length > 100 ? `${first.slice(0, 100)}…` : first;
  return `"${cut}${more.length > 0 && cut === first ? ' …' : ''}"`;
}

const detailLines = 20;

/** The end of what a failing command said. */
function outputOf(outcome: StepOutcome): { readonly details?: readonly string[] } {
  if (outcome.kind !== 'failed' && outcome.kind !== 'corrected' && outcome.kind !== 'platform-differs')
    return {};
  const { result } = outcome.attempt;
  const said = `${result?.stderr ?? ''}\n${result?.stdout ?? ''}`
    .split('\n')
    .filter((line) => line.trim() !== '');
  return said.length === 0 ? {} : { details: said.slice(0, detailLines) };
}
