import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import { detectionSince } from '../timeline/marks.ts';
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

function undetected(timeline: Timeline): Finding[] {
  return marksOf(timeline, 'condition.timeout')
    .filter((mark) => mark.purpose === 'detection')
    .map((mark) => ({
      dimension: 'recovery',
      status: 'fail',
      rule: 'recovery.detection',
      message: `The platform's own signal "${mark.condition}" did not notice the fault in time (${mark.observed}).`,
      evidenceNs: [mark.atNs],
    }));
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
