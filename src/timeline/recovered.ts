import type { Plan } from '../definition/plan.ts';
import { asFailureWhile } from './conditions.ts';
import type { Ns } from './events.ts';
import { slotRange, trustedSeries } from './harness.ts';
import { allRecovered, type HoldRule, judgeSlot, type Recovery, recoveryInterval } from './recovery.ts';
import { injections, phase, stages } from './spans.ts';
import type { SlotSeries, Timeline } from './timeline.ts';
import { holdWindow } from './window-search.ts';

/** A recovery that lasted, and those before it that did not. */
export interface LastingRecovery {
  readonly recovery: Recovery;
  readonly relapses: readonly Relapse[];
}

export interface Relapse {
  readonly probe: string;
  /** When it had counted as recovered (the upper end). */
  readonly recoveredNs: Ns;
  /** The slot with which the hold was broken again was due then. */
  readonly atNs: Ns;
}

/**
 * Recovery of the drill's clients after `fromNs` (an injection's *before*). With several faults before the drill waits for
 * recovery it counts from the last of them. A window that held is a recovery only if nothing broke it until the next
 * injection, the failback or the end of the settle phase: the last one counts.
 */
export function recoveryAfter(timeline: Timeline, plan: Plan, fromNs: Ns): LastingRecovery {
  const series = plan.recovered.probes.map((probe) => trustedSeries(timeline, probe) ?? probe);
  return lastingRecovery(timeline, plan, fromNs, series);
}

/**
 * When the symptoms of the scenario were over, by the same rule. Symptoms that nothing shows are left out;
 * null when the scenario has none that can be over.
 */
export function symptomsCleared(timeline: Timeline, plan: Plan, fromNs: Ns): Recovery | null {
  const series = plan.scenario.symptoms
    .filter(({ when }) => !('is' in when) || when.is === 'failing')
    .map(({ when }) => {
      const shown = trustedSeries(timeline, when.probe);
      return shown === null ? when.probe : asFailureWhile(when, shown);
    });
  return series.length === 0 ? null : lastingRecovery(timeline, plan, fromNs, series).recovery;
}

function lastingRecovery(
  timeline: Timeline,
  plan: Plan,
  fromNs: Ns,
  clients: readonly (SlotSeries | string)[],
): LastingRecovery {
  const { startsNs, untilNs } = observation(timeline, plan, fromNs);
  const relapses: Relapse[] = [];
  const recoveries = clients.map((client): Recovery => {
    if (typeof client === 'string') return { kind: 'unknown', reason: `probe "${client}" recorded nothing` };
    return lastOf(client, plan.recovered, { startsNs, untilNs }, relapses);
  });
  return { recovery: allRecovered(recoveries), relapses };
}

interface Observation {
  /** Where to look for a failure from, the latest first. */
  readonly startsNs: readonly Ns[];
  readonly untilNs: Ns;
}

function observation(timeline: Timeline, plan: Plan, fromNs: Ns): Observation {
  const awaited = stages(timeline).find(({ stage, toNs }) => {
    const planned = plan.stages[stage];
    return planned?.kind === 'until' && planned.condition === 'recovered' && toNs !== null && toNs >= fromNs;
  });
  const awaitedNs = awaited?.toNs ?? Number.POSITIVE_INFINITY;
  const later = injections(timeline).filter((injection) => injection.fromNs > fromNs);
  const startsNs = later
    .filter((injection) => injection.fromNs <= awaitedNs)
    .map((injection) => injection.fromNs);
  const disturbances = [
    ...later.map((injection) => injection.fromNs),
    ...stages(timeline)
      .filter(({ stage }) => isFailback(plan, stage))
      .map((stage) => stage.fromNs),
    phase(timeline, 'settle')?.toNs ?? Number.POSITIVE_INFINITY,
  ];
  const untilNs = Math.min(
    ...disturbances.filter(
      (atNs) => atNs > fromNs && (awaited === undefined ? !startsNs.includes(atNs) : atNs > awaitedNs),
    ),
  );
  return { startsNs: [...startsNs.reverse(), fromNs], untilNs };
}

function isFailback(plan: Plan, stage: number): boolean {
  const planned = plan.stages[stage];
  return planned?.kind === 'procedure' && planned.failback;
}

function lastOf(
  series: SlotSeries,
  rule: HoldRule,
  { startsNs, untilNs }: Observation,
  relapses: Relapse[],
): Recovery {
  let recovery: Recovery = { kind: 'never-failed' };
  for (const fromNs of startsNs) {
    recovery = recoveryInterval(series, rule, fromNs, untilNs);
    if (recovery.kind !== 'never-failed') break;
  }
  while (recovery.kind === 'recovered') {
    const relapseNs = firstRelapse(series, rule, recovery.heldNs, untilNs);
    if (relapseNs === null) return recovery;
    relapses.push({ probe: series.probe, recoveredNs: recovery.beforeNs, atNs: relapseNs });
    recovery = recoveryInterval(series, rule, relapseNs, untilNs);
  }
  return recovery;
}

/** When the slot was due that broke the rule's ratio in some window after `fromNs`; null when none did. */
function firstRelapse(series: SlotSeries, rule: HoldRule, fromNs: Ns, untilNs: Ns): Ns | null {
  const { slots, allowed } = holdWindow(rule, series.periodNs);
  const failures: Ns[] = [];
  const { first, end } = slotRange(series, fromNs + 1, Math.min(untilNs, Number.MAX_SAFE_INTEGER));
  for (let index = first; index < end; index++) {
    const slot = series.at(index);
    if (slot.dueNs >= untilNs) return null;
    if (judgeSlot(slot, rule.latencyMs) !== 'failure') continue;
    failures.push(slot.dueNs);
    while ((failures[0] as Ns) <= slot.dueNs - slots * series.periodNs) failures.shift();
    if (failures.length > allowed) return slot.dueNs;
  }
  return null;
}
