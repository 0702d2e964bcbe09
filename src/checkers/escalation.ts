import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import type { Escalation, Interval as Update } from '../runbook/runbook.ts';
import { recoveryAfter, symptomsCleared } from '../timeline/recovered.ts';
import type { Recovery } from '../timeline/recovery.ts';
import { injections } from '../timeline/spans.ts';
import { peopleMs, stepStories } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { atMost, counted, moreThan, msOf } from './wording.ts';

/**
 * Who the runbook's escalation path would have called in, and how many updates it would have asked for, in an outage as long
 * as this one. Facts, no judgement: every finding passes. The clock starts with the first injection, when the users' outage
 * does, and not with its detection, which may never come.
 */
export const escalation: Checker = {
  name: 'escalation',
  dimension: 'runbook',
  check(timeline, plan) {
    const { runbook } = plan;
    const outage = outageOf(timeline, plan);
    if (runbook === null || outage === null) return [];
    const file = runbook.file;
    return [
      ...runbook.escalations.flatMap((limit) =>
        limit.afterMs === null ? [] : [limitFinding({ ...limit, afterMs: limit.afterMs }, outage, file)],
      ),
      ...untimed(runbook.escalations, file),
      ...(runbook.intervals ?? []).map((update) => updatesFinding(update, outage, file)),
    ];
  },
};

/** How long the outage was, by its upper end; where nobody saw its end, how long it was at least. */
interface Outage {
  readonly machineMs: number;
  /** With the declared time of people for the steps that were begun in it. */
  readonly withPeopleMs: number;
  readonly over: boolean;
  readonly evidenceNs: readonly number[];
}

function outageOf(timeline: Timeline, plan: Plan): Outage | null {
  const [first] = injections(timeline);
  if (first === undefined) return null;
  const { endNs, over } = endOf(impactEnd(timeline, plan, first.fromNs), first.fromNs);
  const machineMs = msOf(Math.max(0, endNs - first.fromNs));
  const people =
    over && endNs === first.fromNs ? 0 : peopleMs(stepStories(timeline, plan), first.fromNs, endNs);
  return { machineMs, withPeopleMs: machineMs + people, over, evidenceNs: [first.fromNs, endNs] };
}

/** The clients' recovery; for a fault that none of them noticed, the end of its symptoms. */
function impactEnd(timeline: Timeline, plan: Plan, fromNs: number): Recovery {
  const { recovery } = recoveryAfter(timeline, plan, fromNs);
  return recovery.kind === 'never-failed' ? (symptomsCleared(timeline, plan, fromNs) ?? recovery) : recovery;
}

function endOf(recovery: Recovery, fromNs: number): { readonly endNs: number; readonly over: boolean } {
  switch (recovery.kind) {
    case 'recovered':
      return { endNs: recovery.beforeNs, over: true };
    case 'never-failed':
      return { endNs: fromNs, over: true };
    case 'censored':
      return { endNs: recovery.sinceNs, over: false };
    case 'unknown':
      return { endNs: fromNs, over: false };
  }
}

type Reached = 'reached' | 'with-people' | 'not-reached' | 'not-known';
type Limit = Escalation & { readonly afterMs: number };

function reachedBy({ machineMs, withPeopleMs, over }: Outage, limitMs: number): Reached {
  if (machineMs >= limitMs) return 'reached';
  if (withPeopleMs >= limitMs) return 'with-people';
  return over ? 'not-reached' : 'not-known';
}

function limitFinding(limit: Limit, outage: Outage, file: string): Finding {
  const { to, afterMs, reason } = limit;
  const reached = reachedBy(outage, afterMs);
  return {
    dimension: 'runbook',
    status: 'pass',
    rule: 'escalation.limit',
    message: `${to} (${reason}): ${limitWords(limit, reached, outage)}.`,
    figures: {
      escalation: to,
      afterMs,
      reached,
      machineMs: outage.machineMs,
      withPeopleMs: outage.withPeopleMs,
    },
    where: `${file}:${limit.lines.from}`,
    evidenceNs: outage.evidenceNs,
  };
}

function limitWords({ afterMs, untilMs }: Limit, reached: Reached, outage: Outage): string {
  if (afterMs === 0) {
    const until = untilMs === undefined ? '' : `, and ${firstWords(reachedBy(outage, untilMs))}`;
    return `called at once${until}; ${lengthWords(outage)}`;
  }
  return `the limit of ${formatDuration(afterMs)} ${reachedWords[reached]}; ${lengthWords(outage)}`;
}

const reachedWords: { readonly [R in Reached]: string } = {
  reached: 'was reached',
  'with-people': "was reached once people's time is added",
  'not-reached': 'was not reached',
  'not-known': 'was not reached as long as anybody looked',
};

function firstWords(reached: Reached): string {
  if (reached === 'not-reached') return 'their time was enough';
  return reached === 'not-known' ? 'whether their time was enough is not known' : 'their time was not enough';
}

function lengthWords({ machineMs, withPeopleMs, over }: Outage): string {
  if (machineMs === 0) return over ? 'no client noticed an outage' : 'how long the outage was is not known';
  const words = over ? atMost : moreThan;
  const people = withPeopleMs === machineMs ? '' : `, ${words(withPeopleMs)} with people`;
  return `the outage was ${words(machineMs)}${people}`;
}

/** Limits that are no times are people's to judge. */
function untimed(limits: readonly Escalation[], file: string): Finding[] {
  const others = limits.filter(({ afterMs }) => afterMs === null);
  const [first] = others;
  if (first === undefined) return [];
  return [
    {
      dimension: 'runbook',
      status: 'pass',
      rule: 'escalation.untimed',
      message: `${counted(others.length, 'reason')} to escalate ${others.length === 1 ? 'is' : 'are'} no time: people have to judge ${others.length === 1 ? 'it' : 'them'}.`,
      where: `${file}:${first.lines.from}`,
      details: others.slice(0, 20).map(({ to, reason }) => `${to}: ${reason}`),
    },
  ];
}

function updatesFinding({ text, everyMs, lines }: Update, outage: Outage, file: string): Finding {
  const updates = Math.floor(outage.machineMs / everyMs);
  const withPeople = Math.floor(outage.withPeopleMs / everyMs);
  const people = withPeople === updates ? '' : `, ${withPeople} with people`;
  return {
    dimension: 'runbook',
    status: 'pass',
    rule: 'escalation.updates',
    message: `Updates "${text}": the outage asked for ${outage.over ? '' : 'at least '}${counted(updates, 'update')}${people}; ${lengthWords(outage)}.`,
    figures: { everyMs, updates, updatesWithPeople: withPeople },
    where: `${file}:${lines.from}`,
  };
}
