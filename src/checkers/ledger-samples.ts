import type { Plan } from '../definition/plan.ts';
import type { JournalEvent, WriteOutcome } from '../timeline/events.ts';
import { mark, planOf, runMarks } from '../timeline/testing.ts';
import type { Finding } from './checker.ts';
import { rpo } from './rpo.ts';
import { findingsOf } from './testing.ts';

/** A drill that writes into the ledger `orders`, for tests. */
export const withLedger = (objective?: { lostAtMostMs: number; writesAtMost: number | null }): Plan =>
  planOf({
    ledgers: { orders: { kind: 'postgres', role: 'db' } },
    objectives: objective === undefined ? {} : { rpo: { kind: 'loss', ledger: 'orders', ...objective } },
  });

/** One write every 100 ms from 0 on; the fault strikes at 5 s, the 51st write. */
export const acked = (count: number) =>
  Array.from({ length: count }, () => ({ outcome: 'acked' as WriteOutcome }));
/** Numbers of writes, from 1. */
export const upTo = (count: number, ...except: number[]) =>
  Array.from({ length: count }, (_, index) => index + 1).filter((seq) => !except.includes(seq));
const started = mark(0, { type: 'ledger.started', ledger: 'orders', writers: 1, ratePerSecond: 10 });

/** The marks of a run with that ledger, and these events. */
const run = (...events: readonly JournalEvent[]) => [...runMarks(), started, ...events];
export const check = (events: readonly JournalEvent[], plan = withLedger()): readonly Finding[] =>
  findingsOf(rpo, run(...events), plan);
