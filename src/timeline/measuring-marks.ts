import type { Ns } from './events.ts';
import type { LoadEnded, LoadStarted } from './load-marks.ts';

/** What probes, ledgers and loads have of marks beside what they observe, and what kept the harness from observing. */
export type MeasuringMark =
  | {
      readonly type: 'probe.started';
      readonly probe: string;
      readonly t0Ns: Ns;
      readonly periodNs: number;
      readonly deadlineNs: number;
    }
  | { readonly type: 'probe.stopped'; readonly probe: string; readonly slots: number }
  /** The thread that measures did not run for `lagNs` up to `atNs`. */
  | {
      readonly type: 'harness.lag';
      readonly thread: 'main' | 'sampler' | 'writers';
      readonly lagNs: number;
    }
  | {
      readonly type: 'ledger.started';
      readonly ledger: string;
      readonly writers: number;
      readonly ratePerSecond: number;
    }
  /** `missed`: turns of the schedule at which the writer whose turn it was could not send (still waiting, or backing off). */
  | { readonly type: 'ledger.stopped'; readonly ledger: string; readonly missed?: number }
  /** `why` tells which question this read answers. */
  | {
      readonly type: 'ledger.read';
      readonly ledger: string;
      readonly read: string;
      readonly instance: string;
      readonly why: ReadWhy;
    }
  | {
      readonly type: 'ledger.read-end';
      readonly ledger: string;
      readonly read: string;
      readonly rows: number;
    }
  | {
      readonly type: 'ledger.read-failed';
      readonly ledger: string;
      readonly read: string;
      readonly message: string;
    }
  /** Users are at work. */
  | ({ readonly type: 'load.started' } & LoadStarted)
  | ({ readonly type: 'load.summary' } & LoadEnded);

/** `before-return`: what the survivor holds before it is reconciled with a superseded database. */
export type ReadWhy = 'survivor' | 'before-return' | 'superseded-evidence' | 'after-rejoin';
