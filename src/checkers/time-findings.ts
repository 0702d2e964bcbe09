import { formatDuration } from '../definition/duration.ts';
import type { Objective, Plan } from '../definition/plan.ts';
import { conditionName } from '../timeline/conditions.ts';
import { notBegun } from '../timeline/named-marks.ts';
import { type Interval, marksOf } from '../timeline/spans.ts';
import { peopleMs, stepStories } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { whyUnfinished } from '../timeline/unfinished.ts';
import type { Finding } from './checker.ts';
import { between, msOf } from './wording.ts';

export type TimeObjective = Extract<Objective, { kind: 'time' }> & { readonly name: string };

/**
 * People's time is judged once for each pair of marks, by the longest target: shorter ones are gates on the machine's part,
 * which no declared time of people could ever meet.
 */
function isPromiseOfPeople({ name, from, until, targetMs }: TimeObjective, plan: Plan): boolean {
  return !Object.entries(plan.objectives).some(
    ([other, objective]) =>
      other !== name &&
      objective.kind === 'time' &&
      objective.from === from &&
      objective.until === until &&
      objective.targetMs > targetMs,
  );
}

export interface Measured {
  readonly from: Interval;
  readonly until: Interval;
  readonly clientFailed?: boolean;
}

export function judged(
  objective: TimeObjective,
  { from, until, clientFailed }: Measured,
  timeline: Timeline,
  plan: Plan,
): Finding[] {
  const { name, targetMs } = objective;
  if (objective.until !== 'recovered' && until.toNs < from.fromNs) {
    return [unknownTime(objective, `"${objective.until}" was before "${objective.from}"`)];
  }
  const lowerMs = msOf(Math.max(0, until.fromNs - from.toNs));
  const upperMs = msOf(Math.max(0, until.toNs - from.fromNs));
  const addedMs = peopleMs(stepStories(timeline, plan), from.fromNs, until.toNs);
  const withPeopleMs = upperMs + addedMs;
  const isRto = objective.until === 'recovered' && clientFailed === true;
  const figures = {
    objective: name,
    lowerMs,
    upperMs,
    targetMs,
    withPeopleUpperMs: withPeopleMs,
    ...(isRto && {
      rtoLowerMs: lowerMs,
      rtoUpperMs: upperMs,
      rtoTargetMs: targetMs,
      rtoWithPeopleUpperMs: withPeopleMs,
    }),
    ...(clientFailed === false && { clientFailed }),
  };
  const evidenceNs = [from.fromNs, from.toNs, until.fromNs, until.toNs];
  const rule = isRto ? 'rto' : clientFailed === false ? 'rto.symptom' : 'time';
  const machine = timeFinding(objective, upperMs, {
    rule,
    text: `${clientFailed === false ? 'No request of a client failed, so there is no client RTO; the symptom was over after' : `${titleOf(objective)} was`} ${between(lowerMs, upperMs)}`,
  });
  const findings: Finding[] = [{ ...machine, figures, evidenceNs }];
  if (addedMs > 0 && isPromiseOfPeople(objective, plan)) {
    const text = `${titleOf(objective)} with ${formatDuration(addedMs)} of people's time added was ${between(lowerMs + addedMs, withPeopleMs)}`;
    findings.push({
      ...timeFinding(objective, withPeopleMs, { rule: `${rule}.with-people`, text }),
      figures,
      evidenceNs,
    });
  }
  return findings;
}

function timeFinding(
  { targetMs }: TimeObjective,
  upperMs: number,
  { rule, text }: { readonly rule: string; readonly text: string },
): Finding {
  const ok = upperMs <= targetMs;
  const message = `${text}, ${ok ? 'within' : 'over'} the target of ${formatDuration(targetMs)}.`;
  return { dimension: 'recovery', status: ok ? 'pass' : 'fail', rule, message };
}

/** A drill that came to an error before it had waited for anything to the end: its platform may have been about to recover. */
function whyGivenUp(timeline: Timeline): string | null {
  const [failure] = marksOf(timeline, 'error');
  if (failure === undefined || marksOf(timeline, 'condition.timeout').length > 0) return null;
  return `the drill ended early by an error (${failure.message})`;
}

/**
 * Not over when the observation ended. A drill that waited as long as it wanted has its answer; one that was cut short
 * has it only where the target had passed already.
 */
export function censored(
  objective: TimeObjective,
  from: Interval,
  sinceNs: number,
  { timeline, plan }: { readonly timeline: Timeline; readonly plan: Plan },
): Finding {
  const lowerMs = msOf(Math.max(0, sinceNs - from.toNs));
  const unfinished = whyUnfinished(timeline) ?? whyGivenUp(timeline);
  const isRecovery = objective.until === 'recovered';
  const late = lowerMs > objective.targetMs;
  const status = unfinished !== null && !late ? 'inconclusive' : 'fail';
  const why =
    unfinished ??
    (isRecovery
      ? 'the service did not recover for the whole hold time before the drill ended'
      : didNotCome(objective.until, timeline, plan));
  const figures = {
    objective: objective.name,
    lowerMs,
    upperMs: null,
    targetMs: objective.targetMs,
    ...(isRecovery && { rtoLowerMs: lowerMs, rtoUpperMs: null, rtoTargetMs: objective.targetMs }),
  };
  return {
    dimension: 'recovery',
    status,
    rule: isRecovery ? 'rto.not-recovered' : 'time.not-over',
    message: `${titleOf(objective)} is more than ${formatDuration(lowerMs)} (target ${formatDuration(objective.targetMs)}): ${why}.`,
    figures,
    evidenceNs: [from.fromNs, sinceNs],
  };
}

function didNotCome(mark: string, timeline: Timeline, plan: Plan): string {
  const missing = notBegun(timeline, plan, mark).map((condition) => `"${conditionName(condition)}"`);
  const which = missing.length === 0 ? '' : `: ${missing.join(', ')} did not hold`;
  return `"${mark}" was awaited and did not come${which}`;
}

/** A mark that a drill waited for and that did not come is an answer; one that was never awaited is not. */
export function missingEnd(objective: TimeObjective, from: Interval, timeline: Timeline): Finding {
  const failed =
    (objective.until === 'detected' &&
      marksOf(timeline, 'condition.timeout').some((mark) => mark.purpose === 'detection')) ||
    (objective.until === 'rejoined' && marksOf(timeline, 'rejoin.failed').length > 0) ||
    (objective.until === 'healed' && marksOf(timeline, 'fault.heal-failed').length > 0);
  if (!failed) return unknownTime(objective, `"${objective.until}" did not happen`);
  return {
    dimension: 'recovery',
    status: 'fail',
    rule: 'time',
    message: `${titleOf(objective)} has no end: "${objective.until}" was awaited and did not come.`,
    figures: { objective: objective.name, lowerMs: null, upperMs: null, targetMs: objective.targetMs },
    evidenceNs: [from.fromNs],
  };
}

export function unknownTime(objective: TimeObjective, reason: string): Finding {
  const { name, targetMs } = objective;
  return {
    dimension: 'recovery',
    status: 'inconclusive',
    rule: 'time.unknown',
    message: `${titleOf(objective)} is not known: ${reason}.`,
    figures: { objective: name, lowerMs: null, upperMs: null, targetMs },
  };
}

function titleOf({ name, from, until }: TimeObjective): string {
  return name === 'rto' ? 'RTO' : `"${name}" (${from} until ${until})`;
}
