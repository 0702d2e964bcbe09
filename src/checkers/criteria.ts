import type { Criterion } from '../definition/drill.ts';
import type { Plan } from '../definition/plan.ts';
import { trustedSeries } from '../timeline/harness.ts';
import { type Interval, marksOf, phase } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { baseline, type WindowStats, windowStats } from '../timeline/window-stats.ts';
import type { Checker, Finding } from './checker.ts';
import {
  type Answer,
  errorsBelow,
  type SeenSettled,
  valueBelow,
  withMonitoring,
  worstOf,
} from './compared-with-baseline.ts';
import { capital, counted } from './wording.ts';

/** Whether the platform was left as the runbook wants it: each success criterion that the drill names. */
export const criteria: Checker = {
  name: 'criteria',
  dimension: 'criteria',
  check(timeline, plan) {
    const findings = plan.criteria.map((criterion) => ofCriterion(criterion, timeline, plan));
    return [...findings, ...coverage(plan)];
  },
};

function ofCriterion({ criterion, check }: Criterion, timeline: Timeline, plan: Plan): Finding {
  const answer = answerOf(criterion, check, timeline, plan);
  const line = writtenAt(criterion, plan);
  return {
    dimension: 'criteria',
    status: answer.status,
    rule: 'criterion',
    message: `Criterion "${criterion}": ${answer.message}.`,
    figures: { criterion, checked: !('not-checked' in check) },
    ...(line !== null && { where: line }),
  };
}

function answerOf(criterion: string, check: Criterion['check'], timeline: Timeline, plan: Plan): Answer {
  if ('not-checked' in check)
    return { status: 'pass', message: `not checked by this drill (${check['not-checked']})` };
  if ('probe' in check) return byVerification(criterion, timeline);
  const window = settleWindow(timeline);
  if (window === null) return { status: 'inconclusive', message: 'the run did not get to its settle phase' };
  if ('values-below' in check)
    return worstOf(check.probes.map((probe) => valueBelow(probe, window, timeline, plan)));
  const seen = check.probes.map((probe) => ({ probe, now: statsOf(timeline, probe, window) }));
  const silent = seen.find(({ now }) => now === null || now.errorRate === null);
  if (silent !== undefined)
    return {
      status: 'inconclusive',
      message: `probe "${silent.probe}" recorded nothing in the settle phase`,
    };
  const known = seen.flatMap(({ probe, now }) => (now === null ? [] : [{ probe, now }]));
  if ('are' in check) return allHealthy(known);
  const clients = worstOf(errorsBelow(known, baseline(timeline, plan)));
  const monitor = check['monitored-by'];
  return monitor === undefined
    ? clients
    : withMonitoring(clients, valueBelow(monitor, window, timeline, plan));
}

function byVerification(criterion: string, timeline: Timeline): Answer {
  const seen = marksOf(timeline, 'criterion').findLast((mark) => mark.criterion === criterion);
  if (seen === undefined) return { status: 'inconclusive', message: 'nobody looked' };
  if (seen.ok === null)
    return { status: 'inconclusive', message: `could not be found out (${seen.observed})` };
  return seen.ok
    ? { status: 'pass', message: `met (${seen.observed})` }
    : { status: 'fail', message: `not met (${seen.observed})` };
}

function allHealthy(seen: readonly SeenSettled[]): Answer {
  const failing = seen.filter(({ now }) => now.failures > 0);
  if (failing.length > 0) {
    const words = failing.map(
      ({ probe, now }) => `${counted(now.failures, 'request')} of probe "${probe}" failed`,
    );
    return { status: 'fail', message: `not met, ${words.join(', ')} in the settle phase` };
  }
  const unsent = seen.reduce((sum, { now }) => sum + now.unsent, 0);
  if (unsent > 0)
    return {
      status: 'inconclusive',
      message: `${counted(unsent, 'request')} of the settle phase could not be sent on time`,
    };
  const all = seen.reduce((sum, { now }) => sum + now.successes, 0);
  return { status: 'pass', message: `met, ${counted(all, 'request')} of the settle phase succeeded` };
}

function settleWindow(timeline: Timeline): Interval | null {
  const settle = phase(timeline, 'settle');
  return settle === null || settle.toNs === null ? null : { fromNs: settle.fromNs, toNs: settle.toNs };
}

function statsOf(timeline: Timeline, probe: string, window: Interval): WindowStats | null {
  const series = trustedSeries(timeline, probe);
  return series === null ? null : windowStats(series, window);
}

function writtenAt(criterion: string, { runbook }: Plan): string | null {
  const found = runbook?.criteria.find(({ text }) => text.startsWith(criterion));
  return found === undefined || runbook === null ? null : `${runbook.file}:${found.lines.from}`;
}

/** Criteria of the runbook that the drill does not name are no failure, and are not passed over in silence. */
function coverage(plan: Plan): Finding[] {
  const all = plan.runbook?.criteria ?? [];
  const unnamed = all.filter(
    ({ text }) => !plan.criteria.some(({ criterion }) => text.startsWith(criterion)),
  );
  const checked = plan.criteria.filter(({ check }) => !('not-checked' in check)).length;
  const message =
    plan.criteria.length === 0 && all.length === 0
      ? 'Neither the runbook nor the drill states a success criterion.'
      : capital(
          `${counted(checked, 'criterion', 'criteria')} checked, ${counted(unnamed.length, 'criterion', 'criteria')} of the runbook not named by the drill.`,
        );
  return [
    {
      dimension: 'criteria',
      status: 'pass',
      rule: 'criteria.coverage',
      message,
      figures: { checked, runbookCriteria: all.length, unnamed: unnamed.length },
      ...(unnamed.length > 0 && { details: unnamed.slice(0, 50).map(({ text }) => text) }),
    },
  ];
}
