import type { Ns } from './events.ts';

interface At {
  readonly atNs: Ns;
}

/** One probe slot. `dueNs = t0 + slot × period` whatever happened to the others. */
export interface SlotEvent extends At {
  readonly type: 'slot';
  readonly probe: string;
  readonly slot: number;
  readonly dueNs: Ns;
  /** When the request really left; null when the harness never sent it. */
  readonly sentNs: Ns | null;
  readonly endNs: Ns;
  /** `late`: no answer by the deadline, which counts from `dueNs` (a failure). `unsent`: the harness's fault. `aborted`: cut short when the run stopped, before its time was out. */
  readonly outcome: SlotOutcome;
  /** A number the probe observed, e.g. replication lag in bytes. */
  readonly value?: number;
  /** Why it failed, short and stable (`ECONNREFUSED`, `HTTP 503`); redacted. */
  readonly detail?: string;
}

export type SlotOutcome = 'ok' | 'failed' | 'late' | 'unsent' | 'aborted';

/** Synced before any of these sequence numbers is sent: the intent. Ranges are inclusive and ascending per writer from 1. */
export interface ReserveEvent extends At {
  readonly type: 'ledger.reserved';
  readonly ledger: string;
  readonly writer: number;
  readonly from: number;
  readonly to: number;
}

export interface WriteEvent extends At {
  readonly type: 'write';
  readonly ledger: string;
  readonly writer: number;
  readonly seq: number;
  readonly sentNs: Ns;
  readonly endNs: Ns;
  /** `indeterminate`: nobody can know (time-out, connection lost, cancelled while waiting for synchronous replication). */
  readonly outcome: WriteOutcome;
  /** The server that acknowledged (`127.1.2.3:5432`) and its time line. */
  readonly instance?: string;
  readonly timeLine?: number;
  readonly detail?: string;
}

export type WriteOutcome = 'acked' | 'failed' | 'indeterminate';

/** A part of what a read found: inclusive ranges of sequence numbers, ascending per writer over the whole read. */
export interface ReadIdsEvent extends At {
  readonly type: 'ledger.ids';
  readonly ledger: string;
  readonly read: string;
  readonly writer: number;
  readonly ranges: readonly (readonly [number, number])[];
  /** Sequence numbers found more than once in this part. */
  readonly duplicates?: readonly number[];
}
