import { formatDuration } from '../definition/duration.ts';
import type { Plan, PlannedUpdates } from '../definition/plan.ts';
import type { Ns } from '../timeline/events.ts';
import { type StepStory, stepEndNs, stepStories } from '../timeline/steps.ts';
import type { Checker, Finding } from './checker.ts';
import { lengthWords, type Outage, outageOf, withPeople } from './outage.ts';
import { outcomeOf } from './step-outcome.ts';
import { atMost, counted, moreThan } from './wording.ts';

/**
 * Whether who waits for news was told as often as the runbook promises, on the clock that counts people's time: from the
 * fault to the first update, from each to the next, and from the last to the end of the outage.
 */
export const updates: Checker = {
  name: 'updates',
  dimension: 'runbook',
  check(timeline, plan) {
    const planned = Object.entries(plan.updates ?? {});
    const outage = outageOf(timeline, plan);
    if (planned.length === 0 || outage === null) return [];
    const stories = stepStories(timeline, plan);
    const clock = withPeople(timeline, plan, outage.fromNs);
    return planned.map(([name, promise]) => {
      const toldNs = toldAt(promise, stories).filter((atNs) => atNs >= outage.fromNs);
      return ofPromise({ name, promise, toldNs, outage, clock }, plan);
    });
  },
};

const told: ReadonlySet<string> = new Set(['as-written', 'corrected', 'performed', 'by-operator']);

/** When one of the steps that are an update was over, in order. */
function toldAt({ steps }: PlannedUpdates, stories: readonly StepStory[]): Ns[] {
  return stories
    .filter(({ planned }) => steps.includes(planned.step.id))
    .filter((story) => told.has(outcomeOf(story).kind))
    .flatMap((story) => stepEndNs(story) ?? [])
    .sort((a, b) => a - b);
}

interface Told {
  readonly name: string;
  readonly promise: PlannedUpdates;
  readonly toldNs: readonly Ns[];
  readonly outage: Outage;
  readonly clock: (atNs: Ns) => number;
}

function ofPromise({ name, promise, toldNs, outage, clock }: Told, plan: Plan): Finding {
  const { text, everyMs, lines } = promise;
  const during = toldNs.filter((atNs) => atNs <= outage.endNs);
  const longest = longestGap(during.map(clock), outage);
  const { status, words } = judged(longest, everyMs, outage);
  return {
    dimension: 'runbook',
    status,
    rule: 'updates',
    message: `Updates of "${name}" (${text}): ${words}; ${counted(during.length, 'update')} in the outage, ${lengthWords(outage)}.`,
    figures: {
      updates: name,
      everyMs,
      told: during.length,
      longestMs: longest.ms,
      withPeopleMs: outage.withPeopleMs,
    },
    where: `${plan.runbook?.file ?? 'runbook'}:${lines.from}`,
    evidenceNs: [outage.fromNs, ...during, outage.endNs],
    details: during
      .slice(0, 50)
      .map((atNs) => `told ${formatDuration(clock(atNs))} after the fault, with people`),
  };
}

/** The longest time without an update. */
interface Gap {
  readonly ms: number;
  readonly where: string;
  /** It goes on to the end of the outage, so it is as uncertain as that. */
  readonly last: boolean;
}

/** @param toldMs when somebody was told, since the fault, in order */
function longestGap(toldMs: readonly number[], outage: Outage): Gap {
  const gaps = [...toldMs, outage.withPeopleMs].map((atMs, i): Gap => {
    const last = i === toldMs.length;
    return { ms: atMs - (toldMs[i - 1] ?? 0), where: whereOf(i, last), last };
  });
  return gaps.reduce((longest, gap) => (gap.ms > longest.ms ? gap : longest));
}

function whereOf(i: number, last: boolean): string {
  if (last) return i === 0 ? 'in all of the outage' : 'after the last update';
  return i === 0 ? 'before the first update' : 'between two updates';
}

function judged({ ms, where, last }: Gap, everyMs: number, outage: Outage): Pick<Finding, 'status'> & Words {
  const length = !last ? formatDuration(ms) : outage.over ? atMost(ms) : moreThan(ms);
  if (ms > everyMs) return { status: 'fail', words: `not kept, nobody was told for ${length} ${where}` };
  if (outage.machineMs === 0)
    return outage.over
      ? { status: 'pass', words: 'there was nothing to tell' }
      : { status: 'inconclusive', words: 'whether they were kept is not known' };
  return outage.over
    ? { status: 'pass', words: `kept, nobody waited more than ${length} for one` }
    : { status: 'inconclusive', words: 'kept as long as anybody looked' };
}

interface Words {
  /** A clause. */
  readonly words: string;
}
