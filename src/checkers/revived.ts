import type { Plan } from '../definition/plan.ts';
import type { FaultSpec } from '../definition/scenario.ts';
import type { Ns } from '../timeline/events.ts';
import { type MarkOf, marksOf, stages } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { reignsOf } from './split-brain.ts';

/** Faults that take an instance away. The others break what it does or holds, and starting it again may be their very recovery. */
const downFaults: ReadonlySet<FaultSpec['fault']> = new Set(['kill', 'pause'] as const);

/** Stages that start a superseded instance in a part in which it takes no writes of its own. */
const comesBack: ReadonlySet<string | undefined> = new Set(['return', 'rejoin']);

/**
 * Whether anything was started again that recovery had superseded, other than by its return or rejoin: it would serve its own past,
 * which is how a drill itself makes a split brain.
 */
export const revived: Checker = {
  name: 'revived',
  dimension: 'cleanup',
  check(timeline, plan) {
    const broken = new Map(
      marksOf(timeline, 'fault.prepared')
        .filter(({ injection }) => downFaults.has(injection.spec.fault))
        .map(({ injection }) => [injection.instance, injection.id]),
    );
    return [...broken].flatMap(([instance, fault]) => ofInstance(instance, fault, timeline, plan));
  },
};

function ofInstance(instance: string, fault: string, timeline: Timeline, plan: Plan): Finding[] {
  const atNs = supersededNs(instance, fault, timeline);
  if (atNs === null) return [];
  const rejoinedNs =
    marksOf(timeline, 'rejoined').find((mark) => mark.instance === instance)?.atNs ??
    Number.POSITIVE_INFINITY;
  const allowed = stages(timeline).filter(({ stage }) => comesBack.has(plan.stages[stage]?.kind));
  const start = startsOf(instance, timeline).find(
    (mark) =>
      mark.atNs >= atNs &&
      mark.atNs < rejoinedNs &&
      !allowed.some(({ fromNs, toNs }) => mark.atNs >= fromNs && mark.atNs <= (toNs ?? timeline.lastNs)),
  );
  const about = { dimension: 'cleanup', rule: 'cleanup.revived' } as const;
  if (start === undefined) {
    return [
      {
        ...about,
        status: 'pass',
        message: `${instance} was superseded by the recovery and was not started again as what it had been.`,
        evidenceNs: [atNs],
      },
    ];
  }
  return [
    {
      ...about,
      status: 'fail',
      message: `${instance} was started again after another instance had taken over from it, without rejoining it: two of them may take writes.`,
      evidenceNs: [atNs, start.atNs],
    },
  ];
}

/**
 * Since when it is known that another instance had taken over: a fault's status says so, or another server had
 * acknowledged writes on a newer time line than any of its own.
 */
function supersededNs(instance: string, fault: string, timeline: Timeline): Ns | null {
  const status = marksOf(timeline, 'fault.status', 'fault.healed').find(
    (mark) => mark.injection === fault && mark.status === 'superseded',
  );
  const healing = marksOf(timeline, 'fault.healing').findLast(
    (mark) => mark.injection === fault && mark.atNs <= (status?.atNs ?? 0),
  );
  const known = status?.type === 'fault.healed' ? (healing?.atNs ?? status.atNs) : status?.atNs;
  const times = [known, ...takenOverNs(instance, timeline)].filter((atNs) => atNs !== undefined);
  return times.length === 0 ? null : Math.min(...times);
}

function takenOverNs(instance: string, timeline: Timeline): Ns[] {
  const addresses = new Set(startsOf(instance, timeline).map((mark) => mark.address));
  return [...timeline.ledgers.values()].flatMap((ledger) => {
    const reigns = reignsOf(ledger);
    const own = reigns.filter((reign) => reign.instance !== null && addresses.has(reign.instance));
    if (own.length === 0) return [];
    const newest = Math.max(...own.map(({ timeLine }) => timeLine));
    const taker = reigns.find((reign) => reign.timeLine > newest && !addresses.has(reign.instance ?? ''));
    return taker === undefined ? [] : [taker.firstNs];
  });
}

function startsOf(instance: string, timeline: Timeline): MarkOf<'component.started'>[] {
  return marksOf(timeline, 'component.started').filter((mark) => mark.instance === instance);
}
