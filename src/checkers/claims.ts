import type { Plan, PlannedClaim } from '../definition/plan.ts';
import { type StepStory, stepStories } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding, Status } from './checker.ts';
import { type LedgerAnswer, ledgerAnswer } from './data-at-risk.ts';
import { rpo } from './rpo.ts';
import { counted } from './wording.ts';

/** Whether what is told about data is true: each claim of the drill against what the ledgers prove. */
export const claims: Checker = {
  name: 'claims',
  dimension: 'runbook',
  check(timeline, plan) {
    if (plan.claims === undefined || plan.claims.length === 0) return [];
    const data = rpo.check(timeline, plan);
    return plan.claims.map((claim) => {
      const answers = claim.ledgers.map((ledger) => ({ ledger, answer: ledgerAnswer(ledger, data) }));
      return findingOf(claim, answers, toldOf(claim, timeline, plan), plan);
    });
  },
};

interface Answered {
  readonly ledger: string;
  readonly answer: LedgerAnswer;
}

function findingOf(claim: PlannedClaim, answers: readonly Answered[], told: Told, plan: Plan): Finding {
  const lost = answers.flatMap(({ ledger, answer }) =>
    answer.kind === 'lost' ? [{ ledger, count: answer.count, finding: answer.finding }] : [],
  );
  const unknown = answers.flatMap(({ answer }) => (answer.kind === 'not-known' ? [answer.why] : []));
  const isTrue = lost.length > 0 ? false : unknown.length > 0 ? null : true;
  const { status, words } = judged(isTrue, told, claim);
  const why = isTrue === false ? lostWords(lost) : isTrue === null ? unknown.join(' ') : keptWords(answers);
  const evidenceNs = lost.flatMap(({ finding }) => finding.evidenceNs ?? []);
  return {
    dimension: 'runbook',
    status,
    rule: 'claim',
    message: `"${claim.says}" ${words}: ${why.replace(/\.$/, '')}.`,
    figures: {
      claim: claim.says,
      true: isTrue,
      told: toldFigure[told],
      // Not `lost`: that is the headline figure of the ledgers themselves.
      lostWrites: isTrue === null ? null : lost.reduce((sum, { count }) => sum + count, 0),
    },
    ...(claim.lines !== null && { where: `${plan.runbook?.file ?? 'runbook'}:${claim.lines.from}` }),
    ...(evidenceNs.length > 0 && { evidenceNs }),
    ...(status === 'fail' && { todo: `Tell what the ledgers show before "${claim.says}" is told.` }),
  };
}

/** What was not told can mislead nobody; the claim is then still what the drill was to see told. */
function judged(
  isTrue: boolean | null,
  told: Told,
  { toldBy }: PlannedClaim,
): { readonly status: Status; readonly words: string } {
  if (told === 'not-known')
    return {
      status: 'inconclusive',
      words: `may have been told by the procedure "${toldBy}", whose output nobody has in full`,
    };
  if (told === 'not-told')
    return isTrue === false
      ? { status: 'pass', words: `was not told by the procedure "${toldBy}", and is not true` }
      : { status: 'inconclusive', words: `does not stand in what the procedure "${toldBy}" told` };
  const verb = told === 'by-runbook' ? 'is what the runbook tells' : 'was told';
  if (isTrue === null)
    return { status: 'inconclusive', words: `${verb}, and whether it is true is not known` };
  return isTrue
    ? { status: 'pass', words: `${verb}, and it is true` }
    : { status: 'fail', words: `${verb}, and it is not true` };
}

function lostWords(lost: readonly { readonly ledger: string; readonly count: number }[]): string {
  return lost
    .map(({ ledger, count }) => `ledger "${ledger}" lost ${counted(count, 'acknowledged write')}`)
    .join(', ');
}

function keptWords(answers: readonly Answered[]): string {
  return answers
    .flatMap(({ ledger, answer }) =>
      answer.kind === 'nothing-lost'
        ? [
            `ledger "${ledger}" lost none of ${Number(answer.finding.figures?.acked ?? 0)} acknowledged writes`,
          ]
        : [],
    )
    .join(', ');
}

/** `by-runbook`: it tells it, and no procedure does. `not-known`: the words may stand in output that nobody has. */
type Told = 'by-runbook' | 'told' | 'not-told' | 'not-known';

const toldFigure: { readonly [T in Told]: boolean | null } = {
  'by-runbook': null,
  told: true,
  'not-told': false,
  'not-known': null,
};

/** Whether its words stand in the output of the procedure that tells it. */
function toldOf({ says, toldBy }: PlannedClaim, timeline: Timeline, plan: Plan): Told {
  if (toldBy === undefined) return 'by-runbook';
  const wanted = folded(says);
  const stories = stepStories(timeline, plan).filter(({ procedure }) => procedure.name === toldBy);
  const outputs = stories.flatMap(({ attempts }) => attempts).flatMap(({ result }) => result ?? []);
  if (outputs.some(({ stdout, stderr }) => folded(`${stdout}\n${stderr}`).includes(wanted))) return 'told';
  return stories.some(isPartlyUnseen) ? 'not-known' : 'not-told';
}

/** It was under way when the run ended, said more than is kept, or a person did it. */
function isPartlyUnseen({ attempts, manual }: StepStory): boolean {
  if (manual?.answer === 'done') return true;
  return manual === null && attempts.some(({ result }) => result === null || result.truncatedBytes > 0);
}

const folded = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
