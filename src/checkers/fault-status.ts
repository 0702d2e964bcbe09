import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import { recoveryAfter } from '../timeline/recovered.ts';
import { type InjectionSpan, injections, marksOf, procedures, type Span } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { msOf } from './wording.ts';

/**
 * Whether each fault was still there when the procedure that answers it began. Gone: the procedure had nothing to recover
 * from, which proves nothing. Still there and the clients had recovered: the platform did it by itself, which is a result.
 */
export const faultStatus: Checker = {
  name: 'fault-status',
  dimension: 'validity',
  check(timeline, plan) {
    return injections(timeline).flatMap((injection) => {
      const procedure = answerTo(injection, timeline, plan);
      return procedure === null
        ? []
        : [
            beforeProcedure(injection, procedure, timeline),
            ...notNeeded(injection, procedure, timeline, plan),
          ].flat();
    });
  },
};

/** The first procedure after the injection, unless the drill healed the fault before it or it is a failback. */
function answerTo({ fault, fromNs }: InjectionSpan, timeline: Timeline, plan: Plan): Span | null {
  const failbacks = plan.stages.flatMap((stage) =>
    stage.kind === 'procedure' && stage.failback ? [stage.name] : [],
  );
  const procedure = procedures(timeline).find(
    (span) => span.fromNs > fromNs && !failbacks.includes(span.name),
  );
  if (procedure === undefined) return null;
  const healed = marksOf(timeline, 'fault.healing').some(
    (mark) => mark.injection === fault && mark.atNs >= fromNs && mark.atNs < procedure.fromNs,
  );
  return healed ? null : procedure;
}

function beforeProcedure({ fault, fromNs }: InjectionSpan, procedure: Span, timeline: Timeline): Finding[] {
  const status = marksOf(timeline, 'fault.status').findLast(
    (mark) =>
      mark.injection === fault &&
      mark.when === 'before-procedure' &&
      mark.atNs >= fromNs &&
      mark.atNs <= procedure.fromNs,
  );
  const evidenceNs = [fromNs, procedure.fromNs];
  const about = { dimension: 'validity', rule: 'validity.fault-status', evidenceNs } as const;
  const inconclusive = (message: string): Finding[] => [{ ...about, status: 'inconclusive', message }];
  if (status === undefined)
    return inconclusive(
      `Nobody looked whether fault "${fault}" was still there when procedure "${procedure.name}" began.`,
    );
  switch (status.status) {
    case 'gone':
      return inconclusive(
        `Fault "${fault}" was gone before procedure "${procedure.name}" began: the procedure had nothing to recover from.`,
      );
    case 'unknown':
      return inconclusive(
        `Whether fault "${fault}" was still there when procedure "${procedure.name}" began could not be found out.`,
      );
    default:
      return [
        {
          ...about,
          status: 'pass',
          message: `Fault "${fault}" was ${status.status} when procedure "${procedure.name}" began.`,
        },
      ];
  }
}

function notNeeded(
  { fault, fromNs }: InjectionSpan,
  procedure: Span,
  timeline: Timeline,
  plan: Plan,
): Finding[] {
  const { recovery } = recoveryAfter(timeline, plan, fromNs);
  if (recovery.kind !== 'recovered' || recovery.beforeNs >= procedure.fromNs) return [];
  const earlierMs = msOf(procedure.fromNs - recovery.beforeNs);
  return [
    {
      dimension: 'recovery',
      status: 'pass',
      rule: 'procedure.not-needed',
      message: `The platform recovered from fault "${fault}" by itself, ${formatDuration(earlierMs)} before procedure "${procedure.name}" began: the procedure was not needed.`,
      figures: { recoveredBeforeProcedureMs: earlierMs },
      evidenceNs: [recovery.afterNs, recovery.beforeNs, procedure.fromNs],
    },
  ];
}
