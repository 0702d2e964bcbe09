import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import type { Ns } from '../timeline/events.ts';
import { detectionSince, metNs } from '../timeline/marks.ts';
import { recoveryAfter } from '../timeline/recovered.ts';
import { intervalOf } from '../timeline/recovery.ts';
import { injections, marksOf, procedures } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { between, counted, msOf } from './wording.ts';

/** Where the time of the recovery went (detect, decide, act, verify), whether detection worked, and whether the recovery lasted. */
export const recoveryPhases: Checker = {
  name: 'recovery-phases',
  dimension: 'recovery',
  check: (timeline, plan) => [
    ...phasesOf(timeline, plan),
    ...detectedBy(timeline, plan),
    ...undetected(timeline),
    ...relapsed(timeline, plan),
    ...timedOut(timeline, plan),
  ],
};

function phasesOf(timeline: Timeline, plan: Plan): Finding[] {
  const [procedure] = procedures(timeline);
  const fault = injections(timeline).findLast(({ fromNs }) => fromNs < (procedure?.fromNs ?? 0));
  if (fault === undefined || procedure === undefined) return [];
  const detected = detectionSince(timeline, plan, fault.fromNs);
  const recovered = intervalOf(recoveryAfter(timeline, plan, fault.fromNs).recovery);
  const detect =
    detected === null
      ? null
      : ([
          msOf(Math.max(0, detected.fromNs - (fault.toNs ?? fault.fromNs))),
          msOf(detected.toNs - fault.fromNs),
        ] as const);
  const decideMs = detected === null ? null : msOf(Math.max(0, procedure.fromNs - detected.toNs));
  const actMs = procedure.toNs === null ? null : msOf(procedure.toNs - procedure.fromNs);
  const verifyMs =
    procedure.toNs === null || recovered === null ? null : msOf(Math.max(0, recovered.toNs - procedure.toNs));
  const words = (ms: number | null) => (ms === null ? 'not measured' : formatDuration(ms));
  return [
    {
      dimension: 'recovery',
      status: 'pass',
      rule: 'recovery.phases',
      message: `Detect ${detect === null ? 'not measured' : between(...detect)}, decide ${words(decideMs)}, act ${words(actMs)}, verify ${words(verifyMs)}.`,
      figures: {
        detectLowerMs: detect?.[0] ?? null,
        detectUpperMs: detect?.[1] ?? null,
        decideMs,
        actMs,
        verifyMs,
      },
      evidenceNs: [fault.fromNs, procedure.fromNs],
    },
  ];
}

/** Each of the platform's signals on its own: the detection above is the quickest of them. */
function detectedBy(timeline: Timeline, plan: Plan): Finding[] {
  return marksOf(timeline, 'condition.met').flatMap((met) => {
    const { condition, purpose, atNs } = met;
    const fault = injections(timeline).findLast(({ fromNs }) => fromNs <= atNs);
    if (purpose !== 'detection' || fault === undefined) return [];
    const seen = metNs(timeline, plan, { ...met, purpose }, fault.fromNs);
    const lowerMs = msOf(Math.max(0, seen.fromNs - (fault.toNs ?? fault.fromNs)));
    const upperMs = msOf(seen.toNs - fault.fromNs);
    return [
      {
        dimension: 'recovery',
        status: 'pass',
        rule: 'recovery.detected',
        message: `The platform's own signal "${condition}" showed fault "${fault.fault}" after ${between(lowerMs, upperMs)}.`,
        figures: { signal: condition, lowerMs, upperMs },
        evidenceNs: [fault.fromNs, seen.fromNs, seen.toNs],
      },
    ];
  });
}

/** A signal that stays silent after a fault without effect has missed nothing. */
function undetected(timeline: Timeline): Finding[] {
  const timeouts = marksOf(timeline, 'condition.timeout');
  const faultAt = (atNs: Ns) => injections(timeline).findLast(({ fromNs }) => fromNs <= atNs)?.fromNs;
  const withoutEffect = new Set(
    timeouts.filter(({ purpose }) => purpose === 'symptom').map(({ atNs }) => faultAt(atNs)),
  );
  return timeouts
    .filter(({ purpose }) => purpose === 'detection')
    .map(({ condition, observed, atNs }) => {
      const nothing = withoutEffect.has(faultAt(atNs));
      return {
        dimension: 'recovery',
        status: nothing ? 'inconclusive' : 'fail',
        rule: 'recovery.detection',
        message: nothing
          ? `The platform's own signal "${condition}" had nothing to notice: the fault took no effect that was seen.`
          : `The platform's own signal "${condition}" did not notice the fault in time (${observed}).`,
        evidenceNs: [atNs],
      };
    });
}

/** A recovery is one only if it lasts: a service that fails again while it is still watched had not recovered. */
function relapsed(timeline: Timeline, plan: Plan): Finding[] {
  const relapses = injections(timeline).flatMap(
    ({ fromNs }) => recoveryAfter(timeline, plan, fromNs).relapses,
  );
  const [first] = relapses;
  if (first === undefined) return [];
  const distinct = new Set(relapses.map(({ probe, atNs }) => `${probe} ${atNs}`)).size;
  const afterMs = msOf(first.atNs - first.recoveredNs);
  return [
    {
      dimension: 'recovery',
      status: 'fail',
      rule: 'recovery.flapping',
      message: `The service failed again ${counted(distinct, 'time')} after it had seemed to recover, first ${formatDuration(afterMs)} after it for probe "${first.probe}": that was no recovery, and times count to the last one.`,
      figures: { relapses: distinct, firstRelapseAfterMs: afterMs },
      evidenceNs: relapses.slice(0, 20).map(({ atNs }) => atNs),
    },
  ];
}

/** Stages that waited in vain for something other than the recovery, which has its own finding. */
function timedOut(timeline: Timeline, plan: Plan): Finding[] {
  return marksOf(timeline, 'condition.timeout')
    .filter((mark) => mark.purpose === 'until' && mark.condition !== 'recovered')
    .map((mark) => ({
      dimension: 'recovery',
      status: 'fail',
      rule: 'recovery.until',
      message: `Drill "${plan.drill}" waited for "${mark.condition}" in vain (${mark.observed}).`,
      evidenceNs: [mark.atNs],
    }));
}
