import { formatDuration } from '../definition/duration.ts';
import type { Escalation, Interval as Update } from '../runbook/runbook.ts';
import type { Checker, Finding } from './checker.ts';
import { type DataAtRisk, dataAtRisk, isAboutData } from './data-at-risk.ts';
import { lengthWords, type Outage, outageOf } from './outage.ts';
import { counted } from './wording.ts';

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
    const untimedLimits = runbook.escalations.filter(({ afterMs }) => afterMs === null);
    const aboutData = untimedLimits.filter(({ reason }) => isAboutData(reason));
    const risk = aboutData.length === 0 ? null : dataAtRisk(timeline, plan);
    return [
      ...runbook.escalations.flatMap((limit) =>
        limit.afterMs === null ? [] : [limitFinding({ ...limit, afterMs: limit.afterMs }, outage, file)],
      ),
      ...(risk === null ? [] : aboutData.map((limit) => dataFinding(limit, risk, file))),
      ...untimed(
        untimedLimits.filter((limit) => !aboutData.includes(limit)),
        file,
      ),
      ...(runbook.intervals ?? []).map((update) => updatesFinding(update, outage, file)),
    ];
  },
};

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
    evidenceNs: [outage.fromNs, outage.endNs],
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

/** Whoever is called when data are in danger is called at once, and not only when the outage has lasted. */
function dataFinding({ to, reason, lines }: Escalation, risk: DataAtRisk, file: string): Finding {
  const words = {
    'at-once': 'to be called at once',
    'not-reached': 'no reason to call',
    'not-known': 'whether to call at once is not known',
  } as const;
  return {
    dimension: 'runbook',
    status: 'pass',
    rule: 'escalation.data',
    message: `${to} (${reason}): ${words[risk.reached]}; ${risk.why}.`,
    figures: { escalation: to, reached: risk.reached },
    where: `${file}:${lines.from}`,
    ...(risk.evidenceNs.length > 0 && { evidenceNs: risk.evidenceNs }),
  };
}

/** Limits that are neither times nor about data are people's to judge. */
function untimed(others: readonly Escalation[], file: string): Finding[] {
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
