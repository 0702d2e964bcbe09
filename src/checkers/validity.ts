import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import { conditionName } from '../timeline/conditions.ts';
import { type InjectionSpan, injections, marksOf } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { whyUnfinished } from '../timeline/unfinished.ts';
import { baseline } from '../timeline/window-stats.ts';
import type { Checker, Finding } from './checker.ts';
import { findingsIn } from './finding.ts';
import { capital, counted, msOf, percent } from './wording.ts';

const finding = findingsIn('validity');

type ValidityFinding = Finding & { readonly dimension: 'validity' };

/** Whether what the run saw proves anything: it got to its end, the platform was healthy before, each fault took effect. */
export const validity: Checker = {
  name: 'validity',
  dimension: 'validity',
  check: (timeline, plan) => [
    ...wholeRun(timeline),
    ...steadyBefore(timeline, plan),
    ...faultsTookEffect(timeline, plan),
  ],
};

function wholeRun(timeline: Timeline): ValidityFinding[] {
  const why = whyUnfinished(timeline);
  const errors = marksOf(timeline, 'error').filter((mark) => !isMissingEvidence(mark.where));
  const findings = errors.map((mark) =>
    finding(
      'inconclusive',
      'validity.error',
      `A part of the drill could not be done (${mark.where}): ${mark.message}`,
      [mark.atNs],
    ),
  );
  if (why !== null)
    findings.push(
      finding('inconclusive', 'validity.run', `The run is not whole: ${why}.`, [timeline.lastNs]),
    );
  return findings;
}

/** Evidence on a superseded instance only adds to what is known: without it the loss is still counted on the survivor. */
const isMissingEvidence = (where: string): boolean => where.startsWith('evidence of ');

function steadyBefore(timeline: Timeline, plan: Plan): ValidityFinding[] {
  const [timeout] = marksOf(timeline, 'steady.timeout');
  if (timeout !== undefined) {
    return [
      finding(
        'inconclusive',
        'validity.steady',
        `The platform was not healthy before the drill: ${timeout.reason}.`,
        [timeout.atNs],
      ),
    ];
  }
  const met = marksOf(timeline, 'steady.met').at(0);
  const [first] = injections(timeline);
  if (met === undefined || (first !== undefined && met.atNs > first.fromNs)) {
    return [
      finding(
        'inconclusive',
        'validity.steady',
        'Nothing shows that the platform was healthy before the fault.',
        first && [first.fromNs],
      ),
    ];
  }
  return [baselineFinding(timeline, plan, met.atNs)];
}

function baselineFinding(timeline: Timeline, plan: Plan, metNs: number): ValidityFinding {
  const stats = plan.recovered.probes.map((probe) => baseline(timeline, plan).get(probe));
  const slots = stats.reduce((sum, one) => sum + (one === undefined ? 0 : one.successes + one.failures), 0);
  if (slots === 0 || stats.some((one) => one?.errorRate === undefined || one.errorRate === null)) {
    return finding(
      'inconclusive',
      'validity.baseline',
      'A client of the drill recorded nothing before the fault, so there is no baseline.',
      [metNs],
    );
  }
  const failures = stats.reduce((sum, one) => sum + (one?.failures ?? 0), 0);
  const latencyMs = Math.max(...stats.map((one) => one?.medianLatencyMs ?? 0));
  return {
    ...finding(
      'pass',
      'validity.steady',
      `Before the fault the platform was healthy for ${formatDuration(plan.steady.windowMs)}: ${percent(failures / slots)} of ${counted(slots, 'request')} failed, median latency ${formatDuration(latencyMs)}.${excused(plan)}`,
      [metNs],
    ),
    figures: { baselineErrorRate: failures / slots, baselineLatencyMs: msOf(latencyMs * 1e6) },
  };
}

/** Probes that the drill did not ask to be healthy: whoever reads the finding is told. */
function excused({ probes, steady }: Plan): string {
  const names = Object.keys(probes).filter((probe) => steady.probes?.includes(probe) === false);
  return names.length === 0 ? '' : ` Not asked to be: ${names.join(', ')}.`;
}

function faultsTookEffect(timeline: Timeline, plan: Plan): ValidityFinding[] {
  const failed = marksOf(timeline, 'fault.failed').map((mark) =>
    finding(
      'inconclusive',
      'validity.fault',
      `Fault "${mark.injection}" could not be set off: ${mark.message}`,
      [mark.atNs],
    ),
  );
  const done = injections(timeline);
  const planned = plan.stages.filter((stage) => stage.kind === 'inject').map((stage) => stage.fault);
  const missing = [...new Set(planned)].filter(
    (fault) => !done.some((one) => one.fault === fault && one.toNs !== null),
  );
  return [
    ...failed,
    ...missing.map((fault) =>
      finding('inconclusive', 'validity.fault', `Fault "${fault}" of the plan was not injected.`),
    ),
    ...done.filter((one) => one.toNs !== null).flatMap((injection) => symptomsOf(injection, timeline, plan)),
  ];
}

/** Every symptom of the fault was seen after it. A fault for which none is declared cannot be told from one that does nothing. */
function symptomsOf({ fault, fromNs }: InjectionSpan, timeline: Timeline, plan: Plan): ValidityFinding[] {
  const last = plan.stages.findLast((stage) => stage.kind === 'inject')?.fault;
  const symptoms = plan.scenario.symptoms
    .filter((symptom) => (symptom.after ?? last) === fault)
    .map(({ when }) => conditionName(when));
  if (symptoms.length === 0) {
    return [
      finding(
        'inconclusive',
        'validity.symptom',
        `The scenario declares no symptom of fault "${fault}", so nothing shows that it took effect.`,
        [fromNs],
      ),
    ];
  }
  const met = marksOf(timeline, 'condition.met').filter(
    (mark) => mark.purpose === 'symptom' && mark.atNs >= fromNs,
  );
  return symptoms.map((symptom) => {
    const seen = met.find((mark) => mark.condition === symptom);
    if (seen === undefined) {
      return finding(
        'inconclusive',
        'validity.symptom',
        `Fault "${fault}" took no effect that was seen: "${symptom}" was not observed.`,
        [fromNs],
      );
    }
    const afterMs = msOf(seen.atNs - fromNs);
    return finding(
      'pass',
      'validity.symptom',
      `${capital(`fault "${fault}" took effect`)}: "${symptom}" ${formatDuration(afterMs)} after it.`,
      [fromNs, seen.atNs],
    );
  });
}
