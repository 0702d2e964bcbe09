import type { Plan } from '../definition/plan.ts';
import type { Ns } from '../timeline/events.ts';
import { recoveryAfter } from '../timeline/recovered.ts';
import type { Recovery } from '../timeline/recovery.ts';
import { injections } from '../timeline/spans.ts';
import { stepStories } from '../timeline/steps.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { ofWait } from './wait-limit.ts';
import { between, listed, msOf } from './wording.ts';

/** Whether things came back in the order that matters most, and whether each wait of a command stayed within its own limit. */
export const restoration: Checker = {
  name: 'restoration',
  dimension: 'recovery',
  check(timeline, plan) {
    const [first] = injections(timeline);
    const order = plan.restorationOrder;
    return [
      ...(order === undefined || first === undefined ? [] : orderOf(order, first.fromNs, timeline, plan)),
      ...stepStories(timeline, plan).flatMap((story) => ofWait(story, plan)),
    ];
  },
};

interface Back {
  readonly probe: string;
  readonly recovery: Recovery;
}

/** When what each probe observes was back for good, whichever probes the drill's own recovery is of. */
function orderOf(order: readonly string[], fromNs: Ns, timeline: Timeline, plan: Plan): Finding[] {
  const all = order.map((probe): Back => {
    const rule = { ...plan.recovered, probes: [probe], latencyMs: null };
    return { probe, recovery: recoveryAfter(timeline, { ...plan, recovered: rule }, fromNs).recovery };
  });
  const down = all.filter(({ recovery }) => recovery.kind !== 'never-failed');
  const unknown = down.filter(({ recovery }) => recovery.kind === 'unknown');
  const broken = pairs(down).filter(([earlier, later]) => isBefore(later, earlier));
  const missing = down.filter(({ recovery }) => recovery.kind === 'censored');
  const words = all.map((back) => `${back.probe} ${whenBack(back, fromNs)}`).join(', ');
  const about = {
    dimension: 'recovery',
    rule: 'restoration.order',
    figures: { order: order.join(', '), judged: down.length - unknown.length, violations: broken.length },
    evidenceNs: down.flatMap(({ recovery }) => (recovery.kind === 'recovered' ? [recovery.beforeNs] : [])),
  } as const;
  if (broken.length > 0)
    return [
      {
        ...about,
        status: 'fail',
        message: `Not restored in the order of priority: ${listed(broken.map(([earlier, later]) => `${later.probe} was back before ${earlier.probe}`))} (${words}).`,
      },
    ];
  const why = open(unknown, missing, down.length);
  return [
    {
      ...about,
      status: why === null ? 'pass' : 'inconclusive',
      message:
        why === null
          ? `Restored in the order of priority${tied(down)}: ${words}.`
          : `Whether it was restored in the order of priority is not known: ${why} (${words}).`,
    },
  ];
}

function open(unknown: readonly Back[], missing: readonly Back[], down: number): string | null {
  if (unknown.length > 0) return `when ${listed(unknown.map(({ probe }) => probe))} came back cannot be told`;
  if (missing.length > 0) return `${listed(missing.map(({ probe }) => probe))} did not come back`;
  return down < 2 ? 'fewer than two of them were ever down' : null;
}

/** Each one with each that comes after it in the order. */
function pairs(down: readonly Back[]): (readonly [earlier: Back, later: Back])[] {
  return down.flatMap((earlier, i) => down.slice(i + 1).map((later) => [earlier, later] as const));
}

/** Only what the intervals prove: the one was back by the time at which the other still failed. */
function isBefore({ recovery: one }: Back, { recovery: other }: Back): boolean {
  if (one.kind !== 'recovered') return false;
  if (other.kind === 'recovered') return one.beforeNs < other.afterNs;
  return other.kind === 'censored' && one.beforeNs < other.sinceNs;
}

/** Neighbours whose intervals overlap were back at the same time, as far as their probes can tell. */
function tied(down: readonly Back[]): string {
  const ties = pairs(down).filter(([earlier, later]) => !isBefore(earlier, later));
  if (ties.length === 0) return '';
  const names = ties.map(([earlier, later]) => `${earlier.probe} and ${later.probe}`);
  return ` (at the same time, as far as their probes can tell: ${listed(names)})`;
}

function whenBack({ recovery }: Back, fromNs: Ns): string {
  switch (recovery.kind) {
    case 'recovered':
      return `after ${between(msOf(Math.max(0, recovery.afterNs - fromNs)), msOf(recovery.beforeNs - fromNs))}`;
    case 'censored':
      return 'not back';
    case 'never-failed':
      return 'never down';
    case 'unknown':
      return 'not known';
  }
}
