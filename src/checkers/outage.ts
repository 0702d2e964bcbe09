import type { Plan } from '../definition/plan.ts';
import type { Ns } from '../timeline/events.ts';
import { recoveryAfter, symptomsCleared } from '../timeline/recovered.ts';
import type { Recovery } from '../timeline/recovery.ts';
import { injections } from '../timeline/spans.ts';
import { peopleMs, stepStories } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { atMost, moreThan, msOf } from './wording.ts';

/** How long the outage was, by its upper end; where nobody saw its end, how long it was at least. */
export interface Outage {
  readonly fromNs: Ns;
  readonly endNs: Ns;
  /** Start of the last failure in it: what came after it succeeded. The outage's begin where nobody knows of one. */
  readonly lastFailureNs: Ns;
  readonly machineMs: number;
  /** With the declared time of people for the steps that were begun in it. */
  readonly withPeopleMs: number;
  readonly over: boolean;
}

/** From the first injection on, when the users' outage begins, detected or not; null for a run that broke nothing. */
export function outageOf(timeline: Timeline, plan: Plan): Outage | null {
  const [first] = injections(timeline);
  if (first === undefined) return null;
  const { fromNs } = first;
  const { endNs, lastFailureNs, over } = endOf(impactEnd(timeline, plan, fromNs), fromNs);
  const machineMs = msOf(Math.max(0, endNs - fromNs));
  const withPeopleMs = over && endNs === fromNs ? 0 : withPeople(timeline, plan, fromNs)(endNs);
  return { fromNs, endNs, lastFailureNs, machineMs, withPeopleMs, over };
}

/**
 * How much time had gone by at an instant, on a clock that also counts what people take: machine time since `fromNs` plus
 * the declared time of people for every step that was begun by then. In milliseconds.
 */
export function withPeople(timeline: Timeline, plan: Plan, fromNs: Ns): (atNs: Ns) => number {
  const stories = stepStories(timeline, plan);
  return (atNs) => msOf(Math.max(0, atNs - fromNs)) + peopleMs(stories, fromNs, atNs);
}

/** The clients' recovery; for a fault that none of them noticed, the end of its symptoms. */
function impactEnd(timeline: Timeline, plan: Plan, fromNs: Ns): Recovery {
  const { recovery } = recoveryAfter(timeline, plan, fromNs);
  return recovery.kind === 'never-failed' ? (symptomsCleared(timeline, plan, fromNs) ?? recovery) : recovery;
}

function endOf(recovery: Recovery, fromNs: Ns): Pick<Outage, 'endNs' | 'lastFailureNs' | 'over'> {
  switch (recovery.kind) {
    case 'recovered':
      return {
        endNs: recovery.beforeNs,
        lastFailureNs: Math.max(fromNs, recovery.afterNs),
        over: true,
      };
    case 'never-failed':
      return { endNs: fromNs, lastFailureNs: fromNs, over: true };
    case 'censored':
      return { endNs: recovery.sinceNs, lastFailureNs: Math.max(fromNs, recovery.sinceNs), over: false };
    case 'unknown':
      return { endNs: fromNs, lastFailureNs: fromNs, over: false };
  }
}

export function lengthWords({ machineMs, withPeopleMs, over }: Outage): string {
  if (machineMs === 0) return over ? 'no client noticed an outage' : 'how long the outage was is not known';
  const words = over ? atMost : moreThan;
  const people = withPeopleMs === machineMs ? '' : `, ${words(withPeopleMs)} with people`;
  return `the outage was ${words(machineMs)}${people}`;
}
