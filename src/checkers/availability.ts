import { formatDuration } from '../definition/duration.ts';
import { trustedSeries } from '../timeline/harness.ts';
import { type Interval, injections, phase } from '../timeline/spans.ts';
import type { SlotSeries, Timeline } from '../timeline/timeline.ts';
import { windowStats } from '../timeline/window-stats.ts';
import type { Checker, Finding } from './checker.ts';
import { counted, msOf, percent } from './wording.ts';

/**
 * What clients went without between the first injection and the end of the settle phase, apart from RTO: failed slots × period,
 * the gaps, and the share of an error budget. Slots the harness did not send count for either side.
 */
export const availability: Checker = {
  name: 'availability',
  dimension: 'recovery',
  check(timeline, plan) {
    const [first] = injections(timeline);
    if (first === undefined) return [];
    const window = { fromNs: first.fromNs, toNs: phase(timeline, 'settle')?.toNs ?? timeline.lastNs };
    const named = Object.entries(plan.objectives).flatMap(([name, objective]) =>
      objective.kind === 'availability' ? [{ name, probe: objective.probe, atLeast: objective.atLeast }] : [],
    );
    const others = plan.recovered.probes.filter((probe) => !named.some((one) => one.probe === probe));
    return [...named, ...others.map((probe) => ({ name: null, probe, atLeast: null }))].map((asked) =>
      ofProbe(asked, window, timeline),
    );
  },
};

interface Asked {
  readonly name: string | null;
  readonly probe: string;
  readonly atLeast: number | null;
}

function ofProbe(asked: Asked, window: Interval, timeline: Timeline): Finding {
  const about = { dimension: 'recovery', rule: 'availability' } as const;
  const series = trustedSeries(timeline, asked.probe);
  const measured = series === null ? null : measure(series, window);
  if (measured === null) {
    return {
      ...about,
      status: 'inconclusive',
      message: `Availability is not known: probe "${asked.probe}" recorded nothing after the fault.`,
    };
  }
  const budget = budgetShare(asked, measured, window);
  const words = `Probe "${asked.probe}" was answered in ${percent(measured.worst)} of the time since the fault: ${gapsOf(measured)}`;
  return {
    ...about,
    status: statusOf(asked, measured),
    message: `${words}${asked.atLeast === null ? '' : ` (objective ${percent(asked.atLeast)}${budget === null ? '' : `, ${percent(budget)} of its error budget for this time`})`}.`,
    figures: {
      objective: asked.name,
      probe: asked.probe,
      availability: measured.worst,
      availabilityAtBest: measured.best,
      availabilityTarget: asked.atLeast,
      downMs: measured.downMs,
      gaps: measured.gaps,
      longestGapMs: measured.longestGapMs,
      unsent: measured.unsent,
      errorBudgetShare: budget,
    },
    evidenceNs: [window.fromNs, window.toNs],
  };
}

function gapsOf({ downMs, gaps, longestGapMs, unsent }: Measured): string {
  const unknown = unsent === 0 ? '' : `, ${counted(unsent, 'slot')} not sent on time`;
  if (gaps === 0) return `no request failed${unknown}`;
  const longest = gaps > 1 ? `, the longest ${formatDuration(longestGapMs)}` : '';
  return `${formatDuration(downMs)} without service in ${counted(gaps, 'gap')}${longest}${unknown}`;
}

interface Measured {
  /** Unsent slots taken for failures, and for successes. */
  readonly worst: number;
  readonly best: number;
  readonly downMs: number;
  readonly gaps: number;
  readonly longestGapMs: number;
  readonly unsent: number;
}

function measure(series: SlotSeries, window: Interval): Measured | null {
  const { successes, failures, unsent, gaps, longestGapMs } = windowStats(series, window);
  const slots = successes + failures + unsent;
  if (successes + failures === 0) return null;
  const downMs = msOf(failures * series.periodNs);
  return { worst: successes / slots, best: (successes + unsent) / slots, downMs, gaps, longestGapMs, unsent };
}

function statusOf({ atLeast }: Asked, { worst, best }: Measured): Finding['status'] {
  if (atLeast === null || worst >= atLeast) return 'pass';
  return best < atLeast ? 'fail' : 'inconclusive';
}

/** Null where the objective leaves no budget at all. */
function budgetShare({ atLeast }: Asked, { downMs }: Measured, { fromNs, toNs }: Interval): number | null {
  if (atLeast === null || atLeast >= 1 || toNs <= fromNs) return null;
  return downMs / ((1 - atLeast) * msOf(toNs - fromNs));
}
