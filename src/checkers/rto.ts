import type { Plan } from '../definition/plan.ts';
import { markNs } from '../timeline/marks.ts';
import { namedMark } from '../timeline/named-marks.ts';
import { recoveryAfter, symptomsCleared } from '../timeline/recovered.ts';
import type { Recovery } from '../timeline/recovery.ts';
import { type Interval, injections } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { censored, judged, missingEnd, type TimeObjective, unknownTime } from './time-findings.ts';

/**
 * RTO and the other named times. A time is published as an interval and judged by its upper end, once as the machine took
 * it and once with the declared time of people added.
 */
export const rto: Checker = {
  name: 'rto',
  dimension: 'recovery',
  check(timeline, plan) {
    const objectives = Object.entries(plan.objectives).flatMap(([name, objective]) =>
      objective.kind === 'time' ? [{ ...objective, name }] : [],
    );
    return objectives.flatMap((objective) => judgeTime(objective, timeline, plan));
  },
};

function judgeTime(objective: TimeObjective, timeline: Timeline, plan: Plan): Finding[] {
  const from = markNs(timeline, plan, objective.from);
  if (from === null) return [unknownTime(objective, whyNoMark(timeline, plan, objective.from))];
  if (objective.until === 'recovered') return judgeRecovery(objective, from, timeline, plan);
  const begun = namedMark(timeline, plan, objective.until);
  if (begun?.kind === 'never-failed')
    return [unknownTime(objective, whyNoMark(timeline, plan, objective.until))];
  if (begun !== null) return concluded(objective, { from, recovery: begun, what: 'mark' }, timeline, plan);
  const until = markNs(timeline, plan, objective.until);
  return until === null
    ? [missingEnd(objective, from, timeline)]
    : judged(objective, { from, until }, timeline, plan);
}

function whyNoMark(timeline: Timeline, plan: Plan, name: string): string {
  const begun = namedMark(timeline, plan, name);
  if (begun?.kind === 'unknown') return begun.reason;
  return begun?.kind === 'never-failed'
    ? `what "${name}" stands for held from the start, so it did not begin`
    : `"${name}" did not happen`;
}

/** Recovery is looked for from the fault that `from` comes after, so that an objective may begin at the procedure. */
function judgeRecovery(objective: TimeObjective, from: Interval, timeline: Timeline, plan: Plan): Finding[] {
  const fault = injections(timeline).findLast((injection) => injection.fromNs <= from.fromNs);
  const anchorNs = fault?.fromNs ?? from.fromNs;
  const { recovery } = recoveryAfter(timeline, plan, anchorNs);
  if (recovery.kind !== 'never-failed')
    return concluded(objective, { from, recovery, what: 'recovered' }, timeline, plan);
  const cleared = symptomsCleared(timeline, plan, anchorNs);
  if (cleared === null || cleared.kind === 'never-failed') {
    return [
      unknownTime(objective, 'no request of a client failed, and no symptom that could be over was seen'),
    ];
  }
  return concluded(objective, { from, recovery: cleared, what: 'symptom' }, timeline, plan);
}

interface Ended {
  readonly from: Interval;
  readonly recovery: Exclude<Recovery, { kind: 'never-failed' }>;
  /** Whether the client's recovery is judged, or, as the client never failed, the end of the symptom; or a mark of the drill's own. */
  readonly what: 'recovered' | 'symptom' | 'mark';
}

function concluded(
  objective: TimeObjective,
  { from, recovery, what }: Ended,
  timeline: Timeline,
  plan: Plan,
): Finding[] {
  switch (recovery.kind) {
    case 'recovered': {
      const until = { fromNs: recovery.afterNs, toNs: recovery.beforeNs };
      const clientFailed = what === 'mark' ? {} : { clientFailed: what === 'recovered' };
      return judged(objective, { from, until, ...clientFailed }, timeline, plan);
    }
    case 'censored':
      return [censored(objective, from, recovery.sinceNs, { timeline, plan })];
    case 'unknown':
      return [unknownTime(objective, recovery.reason)];
  }
}
