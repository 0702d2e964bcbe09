import type { Plan } from '../definition/plan.ts';
import { type StepStory, stepStories } from '../timeline/steps.ts';
import type { Checker, Finding } from './checker.ts';
import { sameAnswer } from './same-answer.ts';
import { answerOf } from './step-outcome.ts';

/**
 * Whether questions of the runbook tell an operator anything: a procedure asks them before the fault, another one after it.
 * One whose answer stays the same is uninformative for that fault, and fails the runbook where the drill says that it has to
 * notice it.
 */
export const comparedAnswers: Checker = {
  name: 'compared-answers',
  dimension: 'runbook',
  check(timeline, plan) {
    const stories = stepStories(timeline, plan);
    const again = stories.filter(({ procedure }) => procedure.comparedWith !== undefined);
    const compared = again.flatMap((story) => compare(story, stories) ?? []);
    return [
      ...compared.map((each) => findingOf(each, plan)),
      ...neverAsked(compared, plan),
      ...summary(compared),
    ];
  },
};

type Answer = NonNullable<ReturnType<typeof answerOf>>;

interface Compared {
  readonly story: StepStory;
  readonly command: string;
  readonly outcome: 'noticed' | 'uninformative' | 'not-known';
  readonly before: Answer | null;
  readonly after: Answer | null;
}

/** Null for what is no question: left out, or left to people. */
function compare(story: StepStory, stories: readonly StepStory[]): Compared | null {
  const { planned, procedure } = story;
  if (planned.do !== 'run' && planned.do !== 'perform') return null;
  const other = stories.find(
    (each) => each.procedure.name === procedure.comparedWith && each.planned.step.id === planned.step.id,
  );
  const after = answerOf(story);
  const before = other === undefined ? null : answerOf(other);
  const command = planned.do === 'run' ? planned.step.text : planned.command;
  const known = before?.result && after?.result;
  const outcome = !known
    ? 'not-known'
    : sameAnswer(before.result, after.result)
      ? 'uninformative'
      : 'noticed';
  return { story, command, outcome, before, after };
}

function findingOf({ story, command, outcome, before, after }: Compared, plan: Plan): Finding {
  const demanded = (plan.mustNotice ?? []).some((beginning) => command.startsWith(beginning));
  const { step } = story.planned;
  const text = `"${oneLine(command).slice(0, 100)}"`;
  const figures = { step: step.id, procedure: story.procedure.name, outcome, demanded };
  const seen = [before, after].flatMap((each) => (each === null ? [] : [each.startNs]));
  const common = {
    dimension: 'runbook',
    figures: { ...figures, before: said(before), after: said(after) },
    where: `${plan.runbook?.file ?? 'runbook'}:${step.lines.from}`,
    ...(seen.length > 0 && { evidenceNs: seen }),
  } as const;
  switch (outcome) {
    case 'noticed':
      return {
        ...common,
        status: 'pass',
        rule: 'answer',
        message: `${text} noticed the fault: ${said(before)} before it, ${said(after)} after it.`,
      };
    case 'uninformative':
      return {
        ...common,
        status: demanded ? 'fail' : 'pass',
        rule: 'answer.uninformative',
        message: `${text} is uninformative for this fault: ${said(before)}, before it and after it.`,
        ...(demanded && { todo: 'Ask something whose answer this fault changes.' }),
      };
    case 'not-known':
      return {
        ...common,
        status: demanded ? 'inconclusive' : 'pass',
        rule: 'answer.not-known',
        message: `Whether ${text} notices this fault is not known: ${whyUnknown(story, before)}.`,
      };
  }
}

function whyUnknown({ notRun }: StepStory, before: Answer | null): string {
  if (notRun !== null) return notRun.reason.replace(/\.$/, '');
  return before === null ? 'nothing answered before the fault' : 'nothing answered after the fault';
}

/** What the drill says must notice it, and no question was: that proves nothing. */
function neverAsked(compared: readonly Compared[], { mustNotice = [] }: Plan): Finding[] {
  return mustNotice
    .filter((beginning) => !compared.some(({ command }) => command.startsWith(beginning)))
    .map((beginning) => ({
      dimension: 'runbook',
      status: 'inconclusive',
      rule: 'answer.not-known',
      message: `No question begins with "${beginning}", which has to notice the fault.`,
    }));
}

function summary(compared: readonly Compared[]): Finding[] {
  if (compared.length === 0) return [];
  const count = (outcome: Compared['outcome']) => compared.filter((each) => each.outcome === outcome).length;
  const figures = {
    questions: compared.length,
    noticed: count('noticed'),
    uninformative: count('uninformative'),
  };
  const unknown = count('not-known');
  const rest = unknown === 0 ? '' : `, ${unknown} could not be asked`;
  const message = `Of ${compared.length} questions, ${figures.noticed} noticed the fault and ${figures.uninformative} did not${rest}.`;
  return [{ dimension: 'runbook', status: 'pass', rule: 'answer.coverage', message, figures }];
}

const longestAnswer = 120;
const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** `exit 7: curl: (7) Failed to connect`, `no answer in time`. */
function said(answer: Answer | null): string {
  const result = answer?.result ?? null;
  if (result === null) return 'no answer';
  if (result.timedOut) return 'no answer in time';
  const text = oneLine(result.stdout.trim() === '' ? result.stderr : result.stdout);
  const cut = text.length > longestAnswer ? `${text.slice(0, longestAnswer)}…` : text;
  return `exit ${result.exitCode ?? 'by a signal'}: ${cut || 'no output'}`;
}
