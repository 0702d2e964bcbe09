import { formatDuration } from '../definition/duration.ts';
import type { Plan, PlannedUpdates } from '../definition/plan.ts';
import type { Ns } from '../timeline/events.ts';
import { type StepStory, stepEndNs, stepStories } from '../timeline/steps.ts';
import type { Checker, Finding } from './checker.ts';
import { lengthWords, type Outage, outageOf, withPeople } from './outage.ts';
import { outcomeOf } from './step-outcome.ts';
import { atMost, counted } from './wording.ts';

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
  const times = [0, ...during.map(clock), outage.withPeopleMs];
  const gaps = times.slice(1).map((atMs, i) => atMs - (times[i] ?? 0));
  const longestMs = Math.max(...gaps);
  const late = longestMs > everyMs;
  const status = late ? 'fail' : outage.over ? 'pass' : 'inconclusive';
  const words = late
    ? `not kept, nobody was told for ${formatDuration(longestMs)}`
    : outage.over
      ? `kept, with ${atMost(longestMs)} between two of them`
      : 'kept as long as anybody looked';
  return {
    dimension: 'runbook',
    status,
    rule: 'updates',
    message: `Updates of "${name}" (${text}): ${words}; ${counted(during.length, 'update')} in the outage, ${lengthWords(outage)}.`,
    figures: { updates: name, everyMs, told: during.length, longestMs, withPeopleMs: outage.withPeopleMs },
    where: `${plan.runbook?.file ?? 'runbook'}:${lines.from}`,
    evidenceNs: [outage.fromNs, ...during, outage.endNs],
    details: during
      .slice(0, 50)
      .map((atNs) => `told ${formatDuration(clock(atNs))} after the fault, with people`),
  };
}
