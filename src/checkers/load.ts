import { formatDuration } from '../definition/duration.ts';
import type { PlannedLoad } from '../definition/load-spec.ts';
import type { LoadFigures } from '../timeline/load-marks.ts';
import { type MarkOf, marksOf } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { atMost, counted, msOf, percent } from './wording.ts';

/**
 * Whether the users that a drill promised were there (validity), and how they fared (criteria). A drill that was to go on
 * under load and did not proves nothing about a platform under load.
 */
export const load: Checker = {
  name: 'load',
  dimension: 'validity',
  check(timeline, plan) {
    return Object.entries(plan.loads ?? {}).flatMap(([name, planned]) => {
      const seen = seenOf(name, planned, timeline);
      return [offered(seen), ...fared(seen)];
    });
  },
};

interface Seen {
  readonly name: string;
  readonly planned: PlannedLoad;
  readonly started: MarkOf<'load.started'> | null;
  readonly summary: MarkOf<'load.summary'> | null;
}

function seenOf(name: string, planned: PlannedLoad, timeline: Timeline): Seen {
  const started = marksOf(timeline, 'load.started').find((mark) => mark.load === name) ?? null;
  const summary = marksOf(timeline, 'load.summary').findLast((mark) => mark.load === name) ?? null;
  return { name, planned, started, summary };
}

/** Less than this share of the iterations that were due is not the load that was promised. */
const enough = 0.9;

function offered(seen: Seen): Finding {
  const { name, planned, started, summary } = seen;
  const said = (status: Finding['status'], message: string, more: Partial<Finding> = {}): Finding => ({
    dimension: 'validity',
    status,
    rule: 'validity.load',
    message: `Load "${name}" ${message}`,
    ...(summary?.detail && { details: summary.detail.split('\n') }),
    ...evidence(seen),
    ...more,
  });
  if (started === null) return said('inconclusive', 'never began: the drill did not go on under it.');
  if (summary === null) return said('inconclusive', 'began, and nobody knows what became of it.');
  if (summary.endedEarly)
    return said('inconclusive', `ended before the drill did (${exitOf(summary)}): its users were missing.`);
  const { figures } = summary;
  if (figures === null)
    return said('inconclusive', `left no summary (${exitOf(summary)}): what it did is not known.`);
  const { droppedIterations: dropped, iterations } = figures;
  const todo = `Give it more users ("max-users" is ${planned['max-users']}), a machine with less other load, or a lower rate.`;
  if (dropped > 0)
    return said(
      'inconclusive',
      `did not offer what it promised: ${dropped} of ${counted(dropped + iterations, 'iteration')} had no user to do ${dropped === 1 ? 'it' : 'them'}.`,
      { todo },
    );
  const due = Math.floor((planned.rate * (summary.atNs - started.atNs)) / 1e9);
  // Whoever was still at it when the load was stopped is in no count.
  if (iterations + planned['max-users'] < enough * due)
    return said(
      'inconclusive',
      `did not offer what it promised: ${counted(iterations, 'iteration')}, and ${due} were due in ${formatDuration(msOf(summary.atNs - started.atNs))}.`,
      { todo: 'Have the script take its arrival rate from __ENV.RATE.' },
    );
  return said(
    'pass',
    `offered what it promised: ${planned.rate} iterations a second from before the steady phase on, none dropped.`,
  );
}

/** How the users fared. An outage makes failures by design, so figures are no verdict unless the drill says so. */
function fared(seen: Seen): readonly Finding[] {
  const figures = seen.summary?.figures ?? null;
  const mustHold = seen.planned.thresholds === 'must-hold';
  if (figures === null)
    return mustHold
      ? [criterion(seen, 'inconclusive', 'its thresholds must hold, and whether they did is not known.')]
      : [];
  return [figuresFinding(seen, figures), ...thresholds(seen, figures, mustHold)];
}

function figuresFinding(seen: Seen, figures: LoadFigures): Finding {
  const { requests, failedRatio, p95Ms, p99Ms, iterations, droppedIterations } = figures;
  const failed = failedRatio === null ? '' : `, ${percent(failedRatio)} failed`;
  const times =
    p95Ms === null || p99Ms === null
      ? ''
      : `; of those that succeeded 95 % took ${atMost(p95Ms)} and 99 % ${atMost(p99Ms)}`;
  return {
    ...criterion(
      seen,
      'pass',
      `${counted(requests, 'request')} in ${counted(iterations, 'iteration')}${failed}${times}.`,
    ),
    rule: 'load',
    figures: {
      load: seen.name,
      requests,
      failedRatio,
      p95Ms,
      p99Ms,
      iterations,
      droppedIterations,
      thresholdsCrossed: figures.thresholds.filter(({ ok }) => !ok).length,
      exitCode: seen.summary?.exitCode ?? null,
    },
  };
}

function thresholds(seen: Seen, figures: LoadFigures, mustHold: boolean): readonly Finding[] {
  const crossed = figures.thresholds.filter(({ ok }) => !ok);
  if (figures.thresholds.length === 0)
    return mustHold
      ? [
          {
            ...criterion(seen, 'inconclusive', 'its thresholds must hold, and its script has none.'),
            todo: 'Give the script thresholds, or leave "thresholds: must-hold" out of the drill.',
          },
        ]
      : [];
  if (crossed.length === 0) {
    const all = figures.thresholds.map(({ metric, condition }) => `${metric} ${condition}`);
    return [criterion(seen, 'pass', `every threshold held (${all.join(', ')}).`)];
  }
  return crossed.map(({ metric, condition }) => {
    // Dropped iterations are the generator's failure, not the platform's: validity judges them.
    const fails = mustHold && metricOf(metric) !== 'dropped_iterations';
    const only = mustHold ? '' : ', which this drill reports and does not judge';
    return criterion(
      seen,
      fails ? 'fail' : 'pass',
      `the threshold ${metric} ${condition} was crossed${only}.`,
    );
  });
}

/** `http_req_duration` of `http_req_duration{name:login}`. */
function metricOf(metric: string): string {
  return metric.split('{')[0] ?? metric;
}

function criterion(seen: Seen, status: Finding['status'], message: string): Finding {
  return {
    dimension: 'criteria',
    status,
    rule: 'load.threshold',
    message: `Load "${seen.name}": ${message}`,
    ...evidence(seen),
  };
}

function evidence({ started, summary }: Seen): Pick<Finding, 'evidenceNs'> {
  const times = [started, summary].flatMap((mark) => (mark === null ? [] : [mark.atNs]));
  return times.length === 0 ? {} : { evidenceNs: times };
}

function exitOf({ exitCode }: MarkOf<'load.summary'>): string {
  return exitCode === null ? 'killed' : `exit code ${exitCode}`;
}
