import type { AccountedStep, Plan, PlannedCoverage } from '../definition/plan.ts';
import { phase } from '../timeline/spans.ts';
import { type StepStory, stepStories } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { exercised } from './coverage.ts';
import { outcomeOf, type StepOutcome, standInsOf } from './step-outcome.ts';
import { counted, percent } from './wording.ts';

/** What became of every step of the runbook, in its own order, and whether enough of its commands were executed. */
export const wholeRunbook: Checker = {
  name: 'whole-runbook',
  dimension: 'runbook',
  check(timeline, plan) {
    const { coverage } = plan;
    if (coverage === undefined) return [];
    const accounts = accountsOf(coverage, stepStories(timeline, plan));
    return [
      accountFinding(accounts, coverage, timeline, plan),
      executedFinding(accounts, coverage, timeline),
    ];
  },
};

/** `open`: a procedure was to take it, and did not get to it or could not. */
export type AccountKind = 'run' | 'performed' | 'people' | 'not-applicable' | 'open';

export interface Account {
  readonly step: AccountedStep;
  readonly section: readonly string[];
  readonly kind: AccountKind;
  /** Reason, or how it ended; empty where the kind says it all. */
  readonly why: string;
  /** Programs that stood in for those of the command. */
  readonly standIns: readonly string[];
}

const accountWords: { readonly [K in AccountKind]: string } = {
  run: 'run',
  performed: 'performed by the drill',
  people: 'left to people',
  'not-applicable': 'not applicable',
  open: 'not done',
};

function accountsOf({ sections }: PlannedCoverage, stories: readonly StepStory[]): readonly Account[] {
  const byStep = Map.groupBy(stories, ({ planned }) => planned.step.id);
  return sections.flatMap(({ path, steps }) =>
    steps.map((step) => ({ step, section: path, ...becameOf(step, byStep.get(step.id) ?? []) })),
  );
}

type Became = Pick<Account, 'kind' | 'why' | 'standIns'>;

/** Best first: what one procedure leaves out and another one runs was run. */
const rank: readonly AccountKind[] = ['run', 'performed', 'open', 'people', 'not-applicable'];

function becameOf({ apart }: AccountedStep, stories: readonly StepStory[]): Became {
  const each = stories.map(becameIn);
  if (apart !== undefined) each.push({ kind: apart.kind, why: apart.reason, standIns: [] });
  const [best] = each.toSorted((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind));
  return best ?? { kind: 'open', why: 'nothing in the journal speaks of it', standIns: [] };
}

function becameIn(story: StepStory): Became {
  const outcome = outcomeOf(story);
  const why = 'why' in outcome ? outcome.why : '';
  return { kind: kindOf(story, outcome.kind), why, standIns: standInsOf(outcome) };
}

function kindOf({ planned, manual, notRun }: StepStory, outcome: StepOutcome['kind']): AccountKind {
  switch (outcome) {
    case 'left-out':
      return 'not-applicable';
    case 'by-operator':
      return 'people';
    case 'undone':
      // A run that ended first left it to nobody.
      return manual === null && notRun === null ? 'open' : 'people';
    case 'performed':
      return 'performed';
    default:
      // A question that a person would ask, and that was asked again, was performed in both procedures.
      if (!exercised.has(outcome)) return 'open';
      return planned.do === 'perform' ? 'performed' : 'run';
  }
}

const mostDetails = 300;

function accountFinding(
  accounts: readonly Account[],
  { sections }: PlannedCoverage,
  timeline: Timeline,
  plan: Plan,
): Finding {
  const count = (kind: AccountKind) => accounts.filter((each) => each.kind === kind).length;
  const tally = rank.flatMap((kind) => (count(kind) === 0 ? [] : [`${count(kind)} ${accountWords[kind]}`]));
  const early = outOfOrder(accounts, stepStories(timeline, plan));
  const order =
    early.length === 0
      ? "in the document's order"
      : `${counted(early.length, 'section')} before one that stands above it in the document`;
  const open = count('open');
  const accounted =
    open === 0
      ? 'The whole runbook is accounted for'
      : `Not the whole runbook is accounted for, ${counted(open, 'step')} that a procedure was to take ${open === 1 ? 'was' : 'were'} not done`;
  return {
    dimension: 'runbook',
    status: open === 0 ? 'pass' : 'inconclusive',
    rule: 'runbook.account',
    message: `${accounted}, ${order}: ${counted(accounts.length, 'step')} in ${counted(sections.length, 'section')}, ${tally.join(', ')}.`,
    figures: {
      sections: sections.length,
      steps: accounts.length,
      run: count('run'),
      performed: count('performed'),
      people: count('people'),
      notApplicable: count('not-applicable'),
      open,
      inOrder: early.length === 0,
    },
    details: [...early.map((heading) => `taken early: ${heading}`), ...accounts.map(lineOf)].slice(
      0,
      mostDetails,
    ),
  };
}

function lineOf({ step, kind, why }: Account): string {
  const [text = ''] = step.text.split('\n');
  return `line ${step.lines.from}: ${text}: ${accountWords[kind]}${why === '' ? '' : ` (${why})`}`;
}

/** Headings of sections that were begun before one that stands above them; what was asked before the first fault to be compared is none. */
function outOfOrder(accounts: readonly Account[], stories: readonly StepStory[]): readonly string[] {
  const compared = new Set(stories.flatMap(({ procedure }) => procedure.comparedWith ?? []));
  const begun = new Map<string, number>();
  for (const { planned, procedure, attempts, manual } of stories) {
    const atNs = attempts[0]?.startNs ?? manual?.atNs;
    if (atNs === undefined || compared.has(procedure.name)) continue;
    const section = planned.step.section.join(' > ');
    begun.set(section, Math.min(begun.get(section) ?? atNs, atNs));
  }
  const inDocument = [...new Set(accounts.map(({ section }) => section.join(' > ')))];
  const taken = inDocument.flatMap((section) => {
    const atNs = begun.get(section);
    return atNs === undefined ? [] : [{ section, atNs }];
  });
  return taken
    .filter(({ atNs }, i) => taken.slice(0, i).some((above) => above.atNs > atNs))
    .map(({ section }) => section);
}

/** Executed: the runbook's text ran to an end, or the drill's correction of it; how it ended is another question. */
function executedFinding(
  accounts: readonly Account[],
  { commandsAtLeast }: PlannedCoverage,
  timeline: Timeline,
): Finding {
  const commands = accounts.filter(({ step }) => step.kind !== 'manual');
  const executed = commands.filter(({ kind }) => kind === 'run');
  const others = commands.filter(({ kind }) => kind !== 'run');
  const notProved = executed.filter(({ standIns }) => standIns.length > 0).length;
  const share = commands.length === 0 ? 1 : executed.length / commands.length;
  const under = commandsAtLeast !== null && share < commandsAtLeast;
  const cutShort = phase(timeline, 'settle') === null;
  const unproved = notProved === 0 ? '' : `, ${notProved} of them with a stand-in, which proves nothing`;
  const wanted = commandsAtLeast === null ? '' : `, ${percent(commandsAtLeast)} wanted`;
  const why = under && cutShort ? '; the run ended before its stages did' : '';
  return {
    dimension: 'runbook',
    status: !under ? 'pass' : cutShort ? 'inconclusive' : 'fail',
    rule: 'runbook.executed',
    message: `${executed.length} of ${commands.length} commands of the runbook executed (${percent(share)}${wanted})${unproved}${why}.`,
    figures: { commands: commands.length, executed: executed.length, notProved, share, commandsAtLeast },
    ...(others.length > 0 && { details: others.slice(0, mostDetails).map(lineOf) }),
  };
}
