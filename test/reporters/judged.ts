import { type Dimension, dimensions, type Finding, type Status } from '../../src/checkers/checker.ts';
import type { Judged } from '../../src/reporters/reporter.ts';
import { TimelineBuilder } from '../../src/timeline/builder.ts';
import type { JournalEvent } from '../../src/timeline/events.ts';
import type { Timeline } from '../../src/timeline/timeline.ts';
import { events, faultMs, lostFrom, lostTo, recoveredMs } from './events.ts';
import { plan } from './plan.ts';

const rto = { rtoLowerMs: recoveredMs[0] - faultMs - 4, rtoUpperMs: recoveredMs[1] - faultMs };

export const findings: readonly Finding[] = [
  {
    dimension: 'validity',
    status: 'pass',
    rule: 'steady',
    message: 'All probes were healthy for 3s before the first fault.',
  },
  {
    dimension: 'validity',
    status: 'pass',
    rule: 'symptom',
    message: 'writes failing was seen 50 ms after the fault.',
  },
  {
    dimension: 'recovery',
    status: 'pass',
    rule: 'rto',
    message: 'Recovered 2.30–2.36 s after primary-killed (target 10m).',
    figures: {
      objective: 'rto',
      ...rto,
      rtoTargetMs: 600_000,
      rtoWithPeopleUpperMs: rto.rtoUpperMs + 120_000,
    },
    evidenceNs: [faultMs * 1e6, recoveredMs[0] * 1e6, recoveredMs[1] * 1e6],
  },
  {
    dimension: 'recovery',
    status: 'pass',
    rule: 'availability',
    message: 'writes answered in time in 85.1 % of slots (at least 50 %).',
    figures: { objective: 'availability', probe: 'writes', availability: 0.851 },
  },
  {
    dimension: 'data',
    status: 'fail',
    rule: 'rpo.lost',
    message: '4 acknowledged writes of orders are not there after recovery.',
    figures: {
      objective: 'rpo',
      ledger: 'orders',
      rpoMs: 58,
      lost: 4,
      acked: 2092,
      indeterminate: 4,
      recoveredWrites: 1,
    },
    details: [`writer 2: ${lostFrom}–${lostTo}`],
    todo: 'Make replication synchronous for these tables, or set the RPO that is really promised.',
  },
  {
    dimension: 'criteria',
    status: 'pass',
    rule: 'criteria.criterion',
    message: 'Error rate back at its baseline: 0 of 46 slots failed.',
    where: 'dr-playbook.md:290',
  },
  {
    dimension: 'runbook',
    status: 'fail',
    rule: 'runbook.step',
    message: 'patroni list does not work as written: exit 127.',
    where: 'dr-playbook.md:144',
    todo: 'Write `patronictl list`.',
    details: ['patroni: command not found'],
  },
  {
    dimension: 'runbook',
    status: 'inconclusive',
    rule: 'runbook.step',
    message: 'aws rds promote-read-replica ran with a stand-in for aws: not proved.',
    where: 'dr-playbook.md:146',
  },
  {
    dimension: 'cleanup',
    status: 'pass',
    rule: 'cleanup.healed',
    message: 'primary-killed is superseded; nothing was left running.',
  },
];

/** A run judged by hand: database-primary-loss, async, four acknowledged writes lost. */
export function judged(changes: Partial<Judged> = {}): Judged {
  const all = changes.findings ?? findings;
  return { plan, timeline: timelineOf(events), findings: all, verdict: verdictOf(all), ...changes };
}

export function timelineOf(journal: readonly JournalEvent[]): Timeline {
  const builder = new TimelineBuilder();
  for (const event of journal) builder.add(event);
  return builder.finish(false);
}

function verdictOf(all: readonly Finding[]): Judged['verdict'] {
  const of = (dimension: Dimension) =>
    worst(all.filter((finding) => finding.dimension === dimension).map((finding) => finding.status));
  return {
    overall: worst(all.map((finding) => finding.status)),
    dimensions: Object.fromEntries(dimensions.map((dimension) => [dimension, of(dimension)])) as Record<
      Dimension,
      Status
    >,
  };
}

function worst(statuses: readonly Status[]): Status {
  return statuses.includes('fail') ? 'fail' : statuses.includes('inconclusive') ? 'inconclusive' : 'pass';
}
