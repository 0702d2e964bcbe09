import type { Ns } from '../timeline/events.ts';
import type { LedgerHistory, LedgerRead, WriterHistory } from '../timeline/timeline.ts';
import { SequenceRanges } from './sequence-ranges.ts';

/** What became of every write of a ledger, as its reads show it. */
export interface LedgerAudit {
  readonly acked: number;
  readonly failed: number;
  readonly indeterminate: number;
  /** Acknowledged, and not there. */
  readonly lost: SequenceRanges;
  readonly oldestLostNs: Ns | null;
  readonly newestLostNs: Ns | null;
  /** Acknowledged, and not there before a superseded database returned. */
  readonly missing: SequenceRanges;
  readonly oldestMissingNs: Ns | null;
  readonly newestMissingNs: Ns | null;
  /** Lost writes that a superseded instance still had. */
  readonly lostButKept: number;
  /** Nobody could know, and they are there: no loss. */
  readonly recovered: number;
  /** Reported as failed (or never sent), and there nevertheless. */
  readonly failedButPresent: SequenceRanges;
  /** Absent in one read of the survivor and there in a later one. */
  readonly resurrected: SequenceRanges;
  /** Acknowledged after the read that decides had begun: it says nothing of them. */
  readonly unread: number;
}

export interface Reads {
  /** The read that decides: the last whole one of what survived. */
  readonly final: LedgerRead;
  /** Whole reads of the survivor before it. */
  readonly earlier: readonly LedgerRead[];
  /** What survived, before it was reconciled with a superseded database; null where none returned. */
  readonly beforeReturn: LedgerRead | null;
  /** Whole reads of superseded instances. */
  readonly evidence: readonly LedgerRead[];
}

/** Null when nothing that survived was read to its end. */
export function readsOf(history: LedgerHistory): Reads | null {
  const whole = history.reads.filter((read) => read.complete);
  const survivors = whole.filter(({ why }) => why !== 'superseded-evidence' && why !== 'before-return');
  const final = survivors.at(-1);
  if (final === undefined) return null;
  return {
    final,
    earlier: survivors.slice(0, -1),
    beforeReturn: whole.findLast(({ why }) => why === 'before-return') ?? null,
    evidence: whole.filter((read) => read.why === 'superseded-evidence'),
  };
}

/** One pass over all writes. */
export function auditLedger(history: LedgerHistory, reads: Reads): LedgerAudit {
  const audit = new Audit(reads);
  for (const writer of history.writers) {
    for (let seq = 1; seq <= writer.reserved; seq++) audit.add(writer, seq);
  }
  return audit;
}

class Audit implements LedgerAudit {
  acked = 0;
  failed = 0;
  indeterminate = 0;
  readonly lost = new SequenceRanges();
  oldestLostNs: Ns | null = null;
  newestLostNs: Ns | null = null;
  readonly missing = new SequenceRanges();
  oldestMissingNs: Ns | null = null;
  newestMissingNs: Ns | null = null;
  lostButKept = 0;
  recovered = 0;
  readonly failedButPresent = new SequenceRanges();
  readonly resurrected = new SequenceRanges();
  unread = 0;
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  add(writer: WriterHistory, seq: number): void {
    const present = this.#reads.final.has(writer.writer, seq);
    switch (writer.outcome(seq)) {
      case 'acked':
        this.acked++;
        this.#addAcked(writer, seq, present);
        return;
      case 'indeterminate':
        this.indeterminate++;
        if (present) this.recovered++;
        return;
      case 'failed':
        this.failed++;
        if (present) this.failedButPresent.add(writer.writer, seq);
        return;
      case 'unsent':
        if (present) this.failedButPresent.add(writer.writer, seq);
    }
  }

  #addAcked(writer: WriterHistory, seq: number, present: boolean): void {
    const ackedNs = writer.endNs(seq) ?? 0;
    this.#addMissing(writer, seq, ackedNs);
    if (present) {
      const wasAbsent = this.#reads.earlier.some(
        (read) => read.startNs > ackedNs && !read.has(writer.writer, seq),
      );
      if (wasAbsent) this.resurrected.add(writer.writer, seq);
      return;
    }
    if (ackedNs > this.#reads.final.startNs) {
      this.unread++;
      return;
    }
    this.lost.add(writer.writer, seq);
    this.oldestLostNs = Math.min(this.oldestLostNs ?? ackedNs, ackedNs);
    this.newestLostNs = Math.max(this.newestLostNs ?? ackedNs, ackedNs);
    if (this.#reads.evidence.some((read) => read.has(writer.writer, seq))) this.lostButKept++;
  }

  #addMissing(writer: WriterHistory, seq: number, ackedNs: Ns): void {
    const read = this.#reads.beforeReturn;
    if (read === null || ackedNs > read.startNs || read.has(writer.writer, seq)) return;
    this.missing.add(writer.writer, seq);
    this.oldestMissingNs = Math.min(this.oldestMissingNs ?? ackedNs, ackedNs);
    this.newestMissingNs = Math.max(this.newestMissingNs ?? ackedNs, ackedNs);
  }
}
