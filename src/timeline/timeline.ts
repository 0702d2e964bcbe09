import type { MarkEvent, Ns, PlanEvent, ReadWhy, SlotOutcome, WriteOutcome } from './events.ts';

/** A whole run as the checkers see it: marks as objects, everything numerous in columns. */
export interface Timeline {
  readonly header: PlanEvent;
  readonly marks: readonly MarkEvent[];
  readonly series: ReadonlyMap<string, SlotSeries>;
  readonly ledgers: ReadonlyMap<string, LedgerHistory>;
  /** The newest time of any line. */
  readonly lastNs: Ns;
  /** The journal's last line was cut off (a crash, a full disk); everything before it was read. */
  readonly torn: boolean;
}

export interface Slot {
  readonly slot: number;
  readonly dueNs: Ns;
  readonly sentNs: Ns | null;
  readonly endNs: Ns;
  readonly outcome: SlotOutcome;
  readonly value: number | null;
  readonly detail: string | null;
}

/** Slots of one probe in slot order (they complete in any order), kept in typed columns: about 40 bytes a slot. */
export interface SlotSeries {
  readonly probe: string;
  readonly t0Ns: Ns;
  readonly periodNs: number;
  readonly deadlineNs: number;
  readonly length: number;
  /** @throws RangeError outside 0 … length-1 */
  at(index: number): Slot;
}

/** What became of each sequence number of each writer. */
export interface LedgerHistory {
  readonly ledger: string;
  readonly writers: readonly WriterHistory[];
  readonly reads: readonly LedgerRead[];
}

export interface WriterHistory {
  readonly writer: number;
  /** Sequence numbers 1 … reserved were announced; those without an outcome are `indeterminate` if they may have been sent. */
  readonly reserved: number;
  outcome(seq: number): WriteOutcome | 'unsent';
  /** When the acknowledgement (or failure) arrived; null when nothing did. */
  endNs(seq: number): Ns | null;
  sentNs(seq: number): Ns | null;
  instance(seq: number): string | null;
  timeLine(seq: number): number | null;
}

export interface LedgerRead {
  readonly read: string;
  readonly instance: string;
  readonly why: ReadWhy;
  readonly startNs: Ns;
  /** False when the read failed or the journal ends inside it: it proves nothing then. */
  readonly complete: boolean;
  readonly rows: number;
  has(writer: number, seq: number): boolean;
  /** Ids present that no writer ever reserved. */
  readonly phantoms: readonly { readonly writer: number; readonly seq: number }[];
  readonly duplicates: readonly { readonly writer: number; readonly seq: number }[];
}
