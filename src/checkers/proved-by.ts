import { formatDuration } from '../definition/duration.ts';
import type { Plan, PlannedUntil } from '../definition/plan.ts';
import { conditionName, conditionsOf } from '../timeline/conditions.ts';
import { slotRange, trustedSeries } from '../timeline/harness.ts';
import { markNs } from '../timeline/marks.ts';
import { type Interval, stages } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';

/** Whether what a drill waited for to end was still going on when somebody set about ending it: else nothing proves that they did. */
export const provedBy: Checker = {
  name: 'proved-by',
  dimension: 'validity',
  check: (timeline, plan) =>
    stages(timeline).flatMap(({ stage }) => {
      const planned = plan.stages[stage];
      return planned?.kind === 'until' ? ofStage(planned, timeline, plan) : [];
    }),
};

function ofStage(stage: PlannedUntil, timeline: Timeline, plan: Plan): Finding[] {
  if (stage.provedBy === undefined) return [];
  const { before, healthyWithinMs } = stage.provedBy;
  const name = stage.as ?? conditionName(stage.condition);
  const mark = markNs(timeline, plan, before);
  if (mark === null)
    return [finding('inconclusive', `"${name}" is not proved: "${before}" did not happen.`, [])];
  const window = { fromNs: mark.fromNs - healthyWithinMs * 1e6, toNs: mark.fromNs };
  const evidenceNs = [window.fromNs, window.toNs];
  const probes = [...new Set(conditionsOf(stage.condition).map(({ probe }) => probe))];
  const silent = probes.filter((probe) => !succeeded(timeline, probe, window));
  const when = `in the ${formatDuration(healthyWithinMs)} before "${before}"`;
  if (silent.length === 0)
    return [
      finding('pass', `"${name}" is proved: ${probes.join(', ')} still succeeded ${when}.`, evidenceNs),
    ];
  const message = `"${name}" is not proved: ${silent.join(', ')} had no success ${when}, so what was to be ended may have ended by itself.`;
  return [finding('inconclusive', message, evidenceNs)];
}

/** A success of a request that was sent in the window: what it asked for was to be had then. */
function succeeded(timeline: Timeline, probe: string, { fromNs, toNs }: Interval): boolean {
  const series = trustedSeries(timeline, probe);
  if (series === null) return false;
  // A slot is sent at most a period after it was due.
  const { first, end } = slotRange(series, fromNs - series.periodNs, toNs);
  for (let index = first; index < end; index++) {
    const { outcome, sentNs } = series.at(index);
    if (outcome === 'ok' && sentNs !== null && sentNs >= fromNs && sentNs <= toNs) return true;
  }
  return false;
}

function finding(status: Finding['status'], message: string, evidenceNs: readonly number[]): Finding {
  return { dimension: 'validity', status, rule: 'validity.proved-by', message, evidenceNs };
}
