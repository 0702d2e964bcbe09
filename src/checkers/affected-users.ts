import type { Plan } from '../definition/plan.ts';
import { trustedSeries } from '../timeline/harness.ts';
import { marksOf } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { windowStats } from '../timeline/window-stats.ts';
import type { Checker, Finding } from './checker.ts';
import { type Outage, outageOf } from './outage.ts';
import { counted, percent } from './wording.ts';

/**
 * What share of users the outage hit, as far as their requests tell: failed requests ÷ all requests from the injection to
 * the last failure. A figure with its estimate's way, never a verdict.
 */
export const affectedUsers: Checker = {
  name: 'affected-users',
  dimension: 'recovery',
  check(timeline, plan) {
    const outage = outageOf(timeline, plan);
    if (outage === null || outage.machineMs === 0) return [];
    const shares = [...ofProbes(outage, timeline, plan), ...ofLoads(outage, timeline, plan)];
    if (shares.length === 0) return [];
    const lowest = Math.min(...shares.map(({ share }) => share));
    const highest = Math.max(...shares.map(({ share }) => share));
    const range = lowest === highest ? percent(highest) : `${percent(lowest)} to ${percent(highest)}`;
    return [
      {
        dimension: 'recovery',
        status: 'pass',
        rule: 'outage.affected',
        message: `Estimated share of affected users: ${range}, by the requests that failed ${outage.over ? 'while the outage lasted' : 'of an outage whose end nobody saw'} (${counted(shares.length, 'client')}).`,
        figures: { affectedAtLeast: lowest, affectedAtMost: highest, clients: shares.length },
        evidenceNs: [outage.fromNs, outage.lastFailureNs],
        details: shares.slice(0, 50).map(({ how }) => how),
      } satisfies Finding,
    ];
  },
};

interface Share {
  readonly share: number;
  readonly how: string;
}

function ofProbes({ fromNs, lastFailureNs }: Outage, timeline: Timeline, plan: Plan): Share[] {
  return plan.recovered.probes.flatMap((probe) => {
    const series = trustedSeries(timeline, probe);
    if (series === null) return [];
    const { failures, successes, errorRate } = windowStats(series, { fromNs, toNs: lastFailureNs });
    if (errorRate === null) return [];
    const how = `${percent(errorRate)} by probe "${probe}": ${failures} of ${counted(failures + successes, 'request')} failed`;
    return [{ share: errorRate, how }];
  });
}

/** A load counts over its whole run: what failed is taken to have failed in the outage, and its requests to be spread evenly. */
function ofLoads({ fromNs, lastFailureNs }: Outage, timeline: Timeline, plan: Plan): Share[] {
  return Object.keys(plan.loads ?? {}).flatMap((load) => {
    const started = marksOf(timeline, 'load.started').find((mark) => mark.load === load);
    const ended = marksOf(timeline, 'load.summary').findLast((mark) => mark.load === load);
    const figures = ended?.figures ?? null;
    if (started === undefined || ended === undefined || figures === null || figures.failedRatio === null)
      return [];
    const all = ended.atNs - started.atNs;
    const during = Math.min(ended.atNs, lastFailureNs) - Math.max(started.atNs, fromNs);
    if (all <= 0 || during <= 0) return [];
    const failed = Math.round(figures.failedRatio * figures.requests);
    const due = (figures.requests * during) / all;
    if (due === 0) return [];
    const share = Math.min(1, failed / due);
    const how = `${percent(share)} by load "${load}": ${counted(failed, 'request')} of the whole run failed, and about ${Math.round(due)} of its ${figures.requests} were due in the outage`;
    return [{ share, how }];
  });
}
