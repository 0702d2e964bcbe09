import { formatDuration } from '../definition/duration.ts';
import type { Objective, Plan } from '../definition/plan.ts';
import type { Ns } from '../timeline/events.ts';
import { type InjectionSpan, injections, marksOf } from '../timeline/spans.ts';
import type { LedgerHistory, Timeline } from '../timeline/timeline.ts';
import { anomalies } from './anomalies.ts';
import type { Checker, Finding } from './checker.ts';
import { findingsIn } from './finding.ts';
import { auditLedger, type LedgerAudit, type Reads, readsOf } from './ledger-audit.ts';
import { lossBound } from './loss-bound.ts';
import { counted, msOf } from './wording.ts';
import { type WritesAtFault, writesAtFault } from './writes-at-fault.ts';

const finding = findingsIn('data');

type LossObjective = Extract<Objective, { kind: 'loss' }>;

/** What was lost: RPO of each ledger against its objective, and everything else that a store must not do with writes. */
export const rpo: Checker = {
  name: 'rpo',
  dimension: 'data',
  check(timeline, plan) {
    const objectives = Object.values(plan.objectives).filter((objective) => objective.kind === 'loss');
    const names = new Set([...Object.keys(plan.ledgers), ...objectives.map(({ ledger }) => ledger)]);
    if (names.size === 0)
      return [
        finding(
          'pass',
          'rpo.not-measured',
          'This drill writes no ledger: what a recovery loses is not measured.',
        ),
      ];
    return [...names].flatMap((name) =>
      ofLedger(name, objectives.find(({ ledger }) => ledger === name) ?? null, timeline, plan),
    );
  },
};

function ofLedger(
  name: string,
  objective: LossObjective | null,
  timeline: Timeline,
  { ledgers }: Plan,
): Finding[] {
  const history = timeline.ledgers.get(name);
  if (history === undefined) return [finding('inconclusive', 'rpo', `Ledger "${name}" wrote nothing.`)];
  const reads = readsOf(history);
  if (reads === null) return [unreadable(history, timeline)];
  const audit = auditLedger(history, reads);
  if (audit.acked === 0)
    return [
      finding('inconclusive', 'rpo', `No write of ledger "${name}" was acknowledged, so none could be lost.`),
    ];
  const loss = { name, objective, audit, reads, atFault: writesAtFault(history, timeline) };
  return [
    lossFinding(loss, timeline),
    ...beforeReturn(loss, timeline),
    ...anomalies(history, audit, reads, ledgers[name]),
  ];
}

function unreadable({ ledger }: LedgerHistory, timeline: Timeline): Finding {
  const failed = marksOf(timeline, 'ledger.read-failed').findLast((mark) => mark.ledger === ledger);
  const why = failed === undefined ? 'it was not read back to its end' : failed.message;
  return finding('inconclusive', 'rpo', `What ledger "${ledger}" lost is not known: ${why}`);
}

interface Loss {
  readonly name: string;
  readonly objective: LossObjective | null;
  readonly audit: LedgerAudit;
  readonly reads: Reads;
  /** Null when no fault was injected. */
  readonly atFault: WritesAtFault | null;
}

function lossFinding(loss: Loss, timeline: Timeline): Finding {
  const { audit, atFault } = loss;
  const rpoMs = msOf(rpoNs(audit.oldestLostNs, audit.newestLostNs, timeline));
  const figures = {
    ledger: loss.name,
    rpoMs,
    rpoTargetMs: loss.objective?.lostAtMostMs ?? null,
    acked: audit.acked,
    lost: audit.lost.count,
    failed: audit.failed,
    indeterminate: audit.indeterminate,
    recoveredWrites: audit.recovered,
    lostButKept: audit.lostButKept,
    inFlight: atFault?.inFlight ?? 0,
    unread: audit.unread,
    replicationLag: lagAt(atFault?.fault, timeline),
  };
  const verdict =
    audit.lost.count === 0 ? nothingLost(loss, figures.replicationLag) : somethingLost(loss, rpoMs);
  const evidenceNs = [audit.oldestLostNs, audit.newestLostNs].filter((atNs) => atNs !== null);
  return { ...verdict, figures, evidenceNs };
}

/** From the oldest lost acknowledgement to the fault, or to the newest one where the loss went on after it. */
function rpoNs(oldestNs: Ns | null, newestNs: Ns | null, timeline: Timeline): number {
  if (oldestNs === null || newestNs === null) return 0;
  const faults = injections(timeline);
  const fault = faults.find(({ fromNs }) => fromNs >= oldestNs) ?? faults.at(-1);
  return Math.max(fault?.fromNs ?? 0, newestNs) - oldestNs;
}

/** What a fail-over had cost until the database that it left behind returned. What came back since is no loss. */
function beforeReturn({ name, audit, reads }: Loss, timeline: Timeline): Finding[] {
  if (reads.beforeReturn === null) return [];
  const { missing, oldestMissingNs, newestMissingNs, lost } = audit;
  const missingMs = msOf(rpoNs(oldestMissingNs, newestMissingNs, timeline));
  const words =
    missing.count === 0
      ? `Ledger "${name}" lacked no acknowledged write before the superseded database returned.`
      : `Before the superseded database returned, ledger "${name}" lacked ${counted(missing.count, 'acknowledged write')} (${missing.ends()}), ${formatDuration(missingMs)} of data; ${lost.count === 0 ? 'all of them are' : `${counted(lost.count, 'write')} of the ledger ${lost.count === 1 ? 'is' : 'are'} not`} there at the end.`;
  return [
    {
      ...finding('pass', 'rpo.before-return', words),
      figures: { ledger: name, missing: missing.count, missingMs },
      evidenceNs: [oldestMissingNs, newestMissingNs].filter((atNs) => atNs !== null),
      details: missing.lines(),
    },
  ];
}

function nothingLost({ name, audit, atFault }: Loss, lag: number | null): Finding {
  const fates = fatesOf(audit);
  const inFlight = atFault?.inFlight ?? 0;
  if (inFlight === 0) {
    return finding(
      'inconclusive',
      'rpo',
      `No acknowledged write of ledger "${name}" was lost (${fates}), but no write was in flight at the fault${nameOf(atFault)}, so there was nothing to lose.`,
    );
  }
  const lagWords = lag === null ? '' : ` with a replication lag of ${lag} at that moment`;
  return finding(
    'pass',
    'rpo',
    `No acknowledged write of ledger "${name}" was lost (${fates}), ${counted(inFlight, 'write')} in flight at the fault${nameOf(atFault)}${lagWords}. ${lossBound(1)}`,
  );
}

function nameOf(atFault: WritesAtFault | null): string {
  return atFault === null ? '' : ` "${atFault.fault.fault}"`;
}

function somethingLost({ name, objective, audit }: Loss, rpoMs: number): Finding {
  const { lost } = audit;
  const overTime = rpoMs > (objective?.lostAtMostMs ?? 0);
  const overCount =
    objective !== null && objective.writesAtMost !== null && lost.count > objective.writesAtMost;
  const kept =
    audit.lostButKept === 0 ? '' : ` The superseded instance still had ${audit.lostButKept} of them.`;
  const message = `Ledger "${name}" lost ${counted(lost.count, 'acknowledged write')} (${lost.ends()}), ${formatDuration(rpoMs)} of data${targetWords(objective, overTime || overCount)} (${fatesOf(audit)}).${kept}`;
  const failed = objective === null || overTime || overCount;
  return { ...finding(failed ? 'fail' : 'pass', 'rpo.lost', message), details: lost.lines() };
}

function targetWords(objective: LossObjective | null, over: boolean): string {
  if (objective === null) return ', and no objective allows any';
  const writes = objective.writesAtMost === null ? '' : ` and ${counted(objective.writesAtMost, 'write')}`;
  return `, ${over ? 'more than' : 'within'} the objective of ${formatDuration(objective.lostAtMostMs)}${writes}`;
}

function fatesOf({ acked, indeterminate, recovered }: LedgerAudit): string {
  const unknown =
    indeterminate === 0 ? '' : `, ${indeterminate} of unknown fate of which ${recovered} turned up`;
  return `${acked} acknowledged${unknown}`;
}

/** The last number that a probe named `replication-lag` observed before the fault, in that probe's unit. */
function lagAt(fault: InjectionSpan | undefined, timeline: Timeline): number | null {
  const series = [...timeline.series.values()].find(({ probe }) => probe.includes('replication-lag'));
  if (fault === undefined || series === undefined) return null;
  for (let index = series.length - 1; index >= 0; index--) {
    const { endNs, value } = series.at(index);
    if (endNs <= fault.fromNs && value !== null) return value;
  }
  return null;
}
