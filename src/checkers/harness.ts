import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import { samplerLags, slotRange } from '../timeline/harness.ts';
import { recoveryAfter } from '../timeline/recovered.ts';
import { type Interval, injections, phase } from '../timeline/spans.ts';
import type { SlotSeries, Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { capital, counted, msOf } from './wording.ts';

/** Whether the harness itself kept time where it matters: around each injection and around the recovery. */
export const harness: Checker = {
  name: 'harness',
  dimension: 'validity',
  check(timeline, plan) {
    const [first] = injections(timeline);
    if (first === undefined) return [];
    const recoveries = injections(timeline).map((injection) => recoveryAfter(timeline, plan, injection.fromNs).recovery);
    const unknown = new Set(recoveries.flatMap((recovery) => (recovery.kind === 'unknown' ? [recovery.reason] : [])));
    return [
      ...[...unknown].map((reason) => finding('inconclusive', 'validity.recovery', `The recovery cannot be told: ${reason}.`)),
      ...plan.recovered.probes.flatMap((probe) => onProbe(probe, timeline, plan)),
    ];
  },
};

function onProbe(probe: string, timeline: Timeline, plan: Plan): Finding[] {
  const series = timeline.series.get(probe);
  if (series === undefined) return [finding('inconclusive', 'validity.probe', `Probe "${probe}" recorded nothing.`)];
  return [...sentOnTime(series, timeline, plan), ...watchedToTheEnd(series, timeline)];
}

function sentOnTime(series: SlotSeries, timeline: Timeline, plan: Plan): Finding[] {
  const decisive = decisiveInstants(series, timeline, plan);
  const fromNs = injections(timeline)[0]?.fromNs ?? 0;
  const unsent = unsentIn(series, { fromNs, toNs: timeline.lastNs });
  const unsentThere = decisive.flatMap((interval) => unsentIn(series, interval));
  const lags = samplerLags(timeline, series.periodNs).filter((lag) => decisive.some((one) => lag.fromNs <= one.toNs && lag.toNs >= one.fromNs));
  const { probe, length } = series;
  const figures = { probe, slots: length, unsent: unsent.length };
  if (unsentThere.length === 0 && lags.length === 0) {
    const dropped = unsent.length === 0 ? 'all sent on time' : `${unsent.length} of them not sent on time, none around the fault or the recovery`;
    return [{ ...finding('pass', 'validity.slots', `Probe "${probe}": ${counted(length, 'slot')}, ${dropped}.`), figures }];
  }
  const longestMs = Math.max(0, ...lags.map((lag) => msOf(lag.toNs - lag.fromNs - series.periodNs / 2)));
  const stalls = lags.length === 0 ? '' : `, and its thread stood still for up to ${formatDuration(longestMs)}`;
  return [
    {
      ...finding('inconclusive', 'validity.slots', `${capital(counted(unsentThere.length, 'slot'))} of probe "${probe}" around the fault or the recovery ${unsentThere.length === 1 ? 'was' : 'were'} not sent on time${stalls}: what the client would have seen is not known.`),
      figures,
      evidenceNs: [...unsentThere, ...lags.map((lag) => lag.fromNs)].slice(0, 20),
      todo: 'Run the drill on a machine with less other load, or probe less often.',
    },
  ];
}

/** One slot to either side of each injection, and from the last failure to the end of the hold. */
function decisiveInstants({ periodNs }: SlotSeries, timeline: Timeline, plan: Plan): Interval[] {
  return injections(timeline).flatMap(({ fromNs, toNs }) => {
    const around = { fromNs: fromNs - periodNs, toNs: (toNs ?? fromNs) + periodNs };
    const { recovery } = recoveryAfter(timeline, plan, fromNs);
    return recovery.kind === 'recovered' ? [around, { fromNs: recovery.afterNs, toNs: recovery.heldNs }] : [around];
  });
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

/** A client that stopped watching before the settle phase ended cannot tell that the recovery lasted. */
function watchedToTheEnd(series: SlotSeries, timeline: Timeline): Finding[] {
  const untilNs = phase(timeline, 'settle')?.toNs ?? null;
  const lastDueNs = series.t0Ns + (series.length - 1) * series.periodNs;
  if (untilNs === null || lastDueNs + series.deadlineNs + series.periodNs >= untilNs) return [];
  const missing = formatDuration(msOf(untilNs - lastDueNs));
  return [finding('inconclusive', 'validity.probe', `Probe "${series.probe}" recorded nothing in the last ${missing} of the run.`, [lastDueNs, untilNs])];
}

function finding(status: Finding['status'], rule: string, message: string, evidenceNs?: readonly number[]): Finding {
  return { dimension: 'validity', status, rule, message, ...(evidenceNs !== undefined && { evidenceNs }) };
}
