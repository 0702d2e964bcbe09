import type { Plan } from '../definition/plan.ts';
import type { Condition } from '../definition/scenario.ts';
import { conditionName } from './conditions.ts';
import type { ConditionPurpose, Ns } from './events.ts';
import { namedMark } from './named-marks.ts';
import { recoveryAfter } from './recovered.ts';
import { intervalOf, type Recovery } from './recovery.ts';
import { type Interval, injections, marksOf, procedures, type Span } from './spans.ts';
import type { Timeline } from './timeline.ts';

/**
 * When a mark that an objective names happened, as an interval; null when it did not, or nobody knows.
 * Names: `steady`, a fault's name (its injection, before … after), `symptom`, `detected`, `procedure.NAME.start`,
 * `procedure.NAME.end`, `recovered` (counted from the first injection), `healed`, `rejoined`, and what a stage is `as`.
 */
export function markNs(timeline: Timeline, plan: Plan, name: string): Interval | null {
  const ofProcedure = /^procedure\.(.+)\.(start|end)$/.exec(name);
  if (ofProcedure !== null)
    return edgeOf(procedures(timeline), ofProcedure[1] as string, ofProcedure[2] === 'start');
  switch (name) {
    case 'steady':
      return lastInstant(marksOf(timeline, 'steady.met'));
    case 'symptom':
      return firstMet(timeline, plan, 'symptom');
    case 'detected':
      return firstMet(timeline, plan, 'detection');
    case 'recovered':
      return recoveredMark(timeline, plan);
    case 'healed':
      return healedMark(timeline);
    case 'rejoined':
      return lastInstant(marksOf(timeline, 'rejoined'));
    default:
      return faultMark(timeline, name) ?? ofStage(namedMark(timeline, plan, name));
  }
}

const ofStage = (begun: Recovery | null): Interval | null => (begun === null ? null : intervalOf(begun));

/** The injection's interval; one whose *after* nobody wrote is not known to have happened. */
function faultMark(timeline: Timeline, fault: string): Interval | null {
  const injection = injections(timeline).find((span) => span.fault === fault);
  return injection === undefined || injection.toNs === null
    ? null
    : { fromNs: injection.fromNs, toNs: injection.toNs };
}

function recoveredMark(timeline: Timeline, plan: Plan): Interval | null {
  const [first] = injections(timeline);
  return first === undefined ? null : intervalOf(recoveryAfter(timeline, plan, first.fromNs).recovery);
}

function healedMark(timeline: Timeline): Interval | null {
  const healed = marksOf(timeline, 'fault.healed').at(-1);
  if (healed === undefined) return null;
  const begun = marksOf(timeline, 'fault.healing').findLast(
    (mark) => mark.injection === healed.injection && mark.atNs <= healed.atNs,
  );
  return { fromNs: begun?.atNs ?? healed.atNs, toNs: healed.atNs };
}

/** The first detection of what was injected at that time: a signal of an earlier fault says nothing of this one. */
export function detectionSince(timeline: Timeline, plan: Plan, injectedNs: Ns): Interval | null {
  return firstMet(timeline, plan, 'detection', injectedNs);
}

/**
 * The first symptom or detection that was met. What was seen in one slot may have begun since the slot before:
 * the interval begins a period earlier.
 */
function firstMet(
  timeline: Timeline,
  plan: Plan,
  purpose: 'symptom' | 'detection',
  injectedNs: Ns = injections(timeline)[0]?.fromNs ?? 0,
): Interval | null {
  const met = marksOf(timeline, 'condition.met').find(
    (mark) => mark.purpose === purpose && mark.atNs >= injectedNs,
  );
  if (met === undefined) return null;
  const watched = conditionsOf(plan, purpose).find((condition) => conditionName(condition) === met.condition);
  const periodNs = (watched && timeline.series.get(watched.probe)?.periodNs) ?? 0;
  return { fromNs: Math.min(met.sinceNs, Math.max(injectedNs, met.sinceNs - periodNs)), toNs: met.atNs };
}

function conditionsOf(
  plan: Plan,
  purpose: Extract<ConditionPurpose, 'symptom' | 'detection'>,
): readonly Condition[] {
  return (purpose === 'symptom' ? plan.scenario.symptoms : plan.scenario.detection).map(
    (watched) => watched.when,
  );
}

function edgeOf(spans: readonly Span[], name: string, start: boolean): Interval | null {
  const span = start ? spans.find((one) => one.name === name) : spans.findLast((one) => one.name === name);
  return instant(start ? span?.fromNs : span?.toNs);
}

const lastInstant = (marks: readonly { readonly atNs: Ns }[]): Interval | null => instant(marks.at(-1)?.atNs);

function instant(atNs: Ns | null | undefined): Interval | null {
  return atNs === null || atNs === undefined ? null : { fromNs: atNs, toNs: atNs };
}
