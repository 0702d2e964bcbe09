import type { Injection } from '../faults/fault.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { type MarkOf, marksOf } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { findingsIn } from './finding.ts';
import { counted } from './wording.ts';

const finding = findingsIn('cleanup');

/** Whether everything the drill broke and started is over and gone. */
export const cleanup: Checker = {
  name: 'cleanup',
  dimension: 'cleanup',
  check: (timeline) => [...faultsOver(timeline), ...environmentGone(timeline)],
};

type Prepared = MarkOf<'fault.prepared'>;

function faultsOver(timeline: Timeline): Finding[] {
  const prepared = marksOf(timeline, 'fault.prepared');
  const byFault = new Map(prepared.map((mark) => [mark.injection.id, mark]));
  return [...byFault.values()].map((mark) => ofFault(mark, timeline));
}

function ofFault({ injection, atNs }: Prepared, timeline: Timeline): Finding {
  const { status, atNs: knownNs } = lastStatus(injection.id, timeline);
  const evidenceNs = knownNs === null ? [atNs] : [atNs, knownNs];
  const name = `Fault "${injection.id}" (${injection.spec.fault} of ${injection.instance})`;
  switch (status) {
    case 'gone':
      return finding('pass', 'cleanup.healed', `${name} is healed.`, evidenceNs);
    case 'superseded':
      return finding('pass', 'cleanup.healed', `${name} is over: ${whySuperseded(injection)}.`, evidenceNs);
    case 'active':
      return {
        ...finding('fail', 'cleanup.healed', `${name} was still active at the end.`, evidenceNs),
        todo: 'Run `drillbook heal` on this run.',
      };
    default:
      return unproved(name, injection.id, timeline, evidenceNs);
  }
}

function whySuperseded({ spec }: Injection): string {
  return spec.fault === 'sql' && spec.heal === undefined
    ? 'it has no way back but what the recovery did'
    : 'recovery has superseded what it broke';
}

function unproved(name: string, fault: string, timeline: Timeline, evidenceNs: readonly number[]): Finding {
  const failed = marksOf(timeline, 'fault.heal-failed').findLast((mark) => mark.injection === fault);
  const why =
    failed === undefined ? 'nothing shows that it was healed' : `healing it failed (${failed.message})`;
  return {
    ...finding('inconclusive', 'cleanup.healed', `${name} may still be there: ${why}.`, evidenceNs),
    todo: 'Run `drillbook heal` on this run.',
  };
}

/** What was last known after the fault was prepared; a look that found nothing out does not undo one that did. */
function lastStatus(
  fault: string,
  timeline: Timeline,
): { readonly status: FaultStatus | null; readonly atNs: number | null } {
  const looks = marksOf(timeline, 'fault.healed', 'fault.status').filter(
    (mark) => mark.injection === fault && !(mark.type === 'fault.status' && mark.when === 'before-procedure'),
  );
  const last = looks.findLast((mark) => mark.status !== 'unknown') ?? looks.at(-1);
  return { status: last?.status ?? null, atNs: last?.atNs ?? null };
}

function environmentGone(timeline: Timeline): Finding[] {
  if (
    marksOf(timeline, 'environment').length === 0 &&
    marksOf(timeline, 'component.started').length === 0 &&
    marksOf(timeline, 'environment.down').length === 0
  ) {
    return [finding('pass', 'cleanup.environment', 'The run created nothing that would have to be removed.')];
  }
  const down = marksOf(timeline, 'environment.down').at(-1);
  if (down === undefined) {
    return [
      {
        ...finding('inconclusive', 'cleanup.environment', 'Nothing shows that the platform was taken down.'),
        todo: 'Run `drillbook heal` on this run.',
      },
    ];
  }
  if (down.leftovers.length === 0)
    return [
      finding('pass', 'cleanup.environment', 'The platform was taken down and left nothing behind.', [
        down.atNs,
      ]),
    ];
  if (down.unseen === true)
    return [
      {
        ...finding(
          'inconclusive',
          'cleanup.environment',
          'Whether anything of the platform is left is not known.',
          [down.atNs],
        ),
        details: down.leftovers,
        todo: 'Run `drillbook heal` on this run.',
      },
    ];
  const message = `The platform was taken down but left ${counted(down.leftovers.length, 'thing')} behind.`;
  return [
    {
      ...finding('fail', 'cleanup.environment', message, [down.atNs]),
      details: down.leftovers.slice(0, 50),
      todo: 'Run `drillbook heal` on this run.',
    },
  ];
}
