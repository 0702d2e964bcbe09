import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import { samplerLags, slotRange } from '../timeline/harness.ts';
import { recoveryAfter } from '../timeline/recovered.ts';
import { type Interval, injections, phase } from '../timeline/spans.ts';
import type { SlotSeries, Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { findingsIn } from './finding.ts';
import { counted, msOf } from './wording.ts';

const finding = findingsIn('validity');

/**
 * Whether the harness itself kept time where it matters: in every window that could be the recovery, and, where no client
 * failed, everywhere since the fault.
 */
export const harness: Checker = {
  name: 'harness',
  dimension: 'validity',
  check(timeline, plan) {
    const [first] = injections(timeline);
    if (first === undefined) return [];
    const recoveries = asksForRecovery(plan)
      ? injections(timeline).map((injection) => recoveryAfter(timeline, plan, injection.fromNs).recovery)
      : [];
    const unknown = new Set(
      recoveries.flatMap((recovery) => (recovery.kind === 'unknown' ? [recovery.reason] : [])),
    );
    return [
      ...[...unknown].map((reason) => ({
        ...finding('inconclusive', 'validity.recovery', `The recovery cannot be told: ${reason}.`),
        todo: 'Run the drill on a machine with less other load, or probe less often.',
      })),
      ...plan.recovered.probes.map((probe) => sentOnTime(probe, timeline)).filter((one) => one !== null),
      ...watchedProbes(plan).flatMap((probe) => watchedToTheEnd(probe, timeline)),
    ];
  },
};

/**
 * A drill of something that no client notices, such as a damaged backup, may measure other times alone. Its marks, criteria
 * and availability know for themselves what unsent slots make of them.
 */
function asksForRecovery({ stages, objectives }: Plan): boolean {
  return (
    stages.some((stage) => stage.kind === 'until' && stage.condition === 'recovered') ||
    Object.values(objectives).some(
      (objective) => objective.kind === 'time' && [objective.from, objective.until].includes('recovered'),
    )
  );
}

/** The clients, and whatever else of the drill stands on a probe: an alert, a criterion, an objective. */
function watchedProbes({ recovered, probes }: Plan): readonly string[] {
  return [...new Set([...recovered.probes, ...Object.keys(probes)])];
}

/** Slots that were not sent decide nothing where they are not in a window that could be the recovery; they are counted all the same. */
function sentOnTime(name: string, timeline: Timeline): Finding | null {
  const series = timeline.series.get(name);
  if (series === undefined) return null;
  const unsent = unsentIn(series, { fromNs: injections(timeline)[0]?.fromNs ?? 0, toNs: timeline.lastNs });
  const { probe, length } = series;
  const lags = samplerLags(timeline);
  const longestLagMs = msOf(Math.max(0, ...lags.map((lag) => lag.toNs - lag.fromNs)));
  const late =
    unsent.length === 0
      ? 'all sent on time since the fault'
      : `${unsent.length} since the fault not sent on time`;
  const stalls =
    lags.length === 0
      ? ''
      : `; its thread stood still ${counted(lags.length, 'time')}, for up to ${formatDuration(longestLagMs)}`;
  return {
    ...finding('pass', 'validity.slots', `Probe "${probe}": ${counted(length, 'slot')}, ${late}${stalls}.`),
    figures: { probe, slots: length, unsent: unsent.length, lags: lags.length, longestLagMs },
    evidenceNs: unsent.slice(0, 20),
  };
}

/** When the unsent slots of an interval were due. */
function unsentIn(series: SlotSeries, { fromNs, toNs }: Interval): number[] {
  const { first, end } = slotRange(series, fromNs, toNs);
  const due: number[] = [];
  for (let index = first; index < end; index++) {
    const slot = series.at(index);
    if (slot.outcome === 'unsent') due.push(slot.dueNs);
  }
  return due;
}

/** A probe that stopped before the settle phase ended cannot tell that what it saw lasted. */
function watchedToTheEnd(probe: string, timeline: Timeline): Finding[] {
  const series = timeline.series.get(probe);
  if (series === undefined)
    return [finding('inconclusive', 'validity.probe', `Probe "${probe}" recorded nothing.`)];
  const untilNs = phase(timeline, 'settle')?.toNs ?? null;
  const lastDueNs = series.t0Ns + (series.length - 1) * series.periodNs;
  if (untilNs === null || lastDueNs + series.deadlineNs + series.periodNs >= untilNs) return [];
  const missing = formatDuration(msOf(untilNs - lastDueNs));
  return [
    finding(
      'inconclusive',
      'validity.probe',
      `Probe "${series.probe}" recorded nothing in the last ${missing} of the run.`,
      [lastDueNs, untilNs],
    ),
  ];
}
