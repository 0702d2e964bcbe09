import type { LedgerSpec } from '../definition/observing.ts';
import { namedAtMost } from '../timeline/ledger-columns.ts';
import type { LedgerHistory } from '../timeline/timeline.ts';
import type { Finding } from './checker.ts';
import type { LedgerAudit, Reads } from './ledger-audit.ts';
import { splitBrain } from './split-brain.ts';
import { capital, counted, listed } from './wording.ts';

/** What is no loss and must not happen either. `spec`: what the plan says of the ledger. */
export function anomalies(
  history: LedgerHistory,
  audit: LedgerAudit,
  reads: Reads,
  spec?: LedgerSpec,
): Finding[] {
  return [
    ...resurrected(history, audit),
    ...failedButPresent(history, audit),
    ...phantoms(history, reads),
    ...duplicates(history, reads, spec),
    ...split(history),
  ];
}

function resurrected({ ledger }: LedgerHistory, audit: LedgerAudit): Finding[] {
  const { count } = audit.resurrected;
  if (count === 0) return [];
  const message = `${counted(count, 'acknowledged write')} of ledger "${ledger}" (${audit.resurrected.ends()}) had gone and came back later: what was decided while they were gone is wrong now.`;
  return [failure('rpo.resurrected', message, { ledger, resurrected: count }, audit.resurrected.lines())];
}

function failedButPresent({ ledger }: LedgerHistory, audit: LedgerAudit): Finding[] {
  const { count } = audit.failedButPresent;
  if (count === 0) return [];
  const message = `${counted(count, 'write')} of ledger "${ledger}" (${audit.failedButPresent.ends()}) had been reported as failed and ${count === 1 ? 'is' : 'are'} there nevertheless: a client that tries again writes twice.`;
  return [
    failure(
      'rpo.failed-but-present',
      message,
      { ledger, failedButPresent: count },
      audit.failedButPresent.lines(),
    ),
  ];
}

function phantoms({ ledger }: LedgerHistory, { final }: Reads): Finding[] {
  const ids = final.phantoms.map(nameOf);
  if (ids.length === 0) return [];
  const message = `Ledger "${ledger}" holds ${counted(ids.length, 'write')} that nobody ever made (${listed(ids)}).`;
  return [failure('rpo.phantom', message, { ledger, phantoms: ids.length }, bounded(ids))];
}

/** What a queue that promises no more than that delivers again is worth knowing, and no fault. */
function duplicates({ ledger }: LedgerHistory, { final }: Reads, spec: LedgerSpec | undefined): Finding[] {
  // Of an id that is there three times, two are copies.
  const ids = [...new Set(final.duplicates.map(nameOf))];
  if (ids.length === 0) return [];
  const delivery = spec?.kind === 'queue' ? spec.delivery : null;
  const noun = delivery === null ? 'write' : 'job';
  const many = `${final.duplicates.length < namedAtMost ? '' : 'at least '}${counted(ids.length, noun)}`;
  const did = delivery === null ? 'there' : 'done';
  const verb = delivery === null ? (ids.length === 1 ? 'is' : 'are') : ids.length === 1 ? 'was' : 'were';
  const message = `${many} of ledger "${ledger}" ${verb} ${did} more than once (${listed(ids)})${deliveryWords[delivery ?? 'none']}.`;
  const found = failure(
    'rpo.duplicate',
    capital(message),
    { ledger, duplicates: ids.length, copies: final.duplicates.length },
    bounded(ids),
  );
  return [delivery === 'at-least-once' ? { ...found, status: 'pass' } : found];
}

const deliveryWords = {
  none: '',
  'exactly-once': ', and its queue promises exactly once',
  'at-least-once': ', which at-least-once delivery allows',
} as const;

function split(history: LedgerHistory): Finding[] {
  const { writes, servers } = splitBrain(history);
  if (writes.count === 0) return [];
  const message = `Split brain: ${listed(servers)} acknowledged ${counted(writes.count, 'write')} of ledger "${history.ledger}" (${writes.ends()}) after another server had taken over.`;
  return [
    failure(
      'rpo.split-brain',
      message,
      { ledger: history.ledger, splitBrainWrites: writes.count },
      writes.lines(),
    ),
  ];
}

const nameOf = ({ writer, seq }: { readonly writer: number; readonly seq: number }): string =>
  `${writer}-${seq}`;

const bounded = (ids: readonly string[]): string[] => [
  ...ids.slice(0, 50),
  ...(ids.length > 50 ? [`and ${ids.length - 50} more`] : []),
];

function failure(
  rule: string,
  message: string,
  figures: NonNullable<Finding['figures']>,
  details: readonly string[],
): Finding {
  return { dimension: 'data', status: 'fail', rule, message, figures, details };
}
