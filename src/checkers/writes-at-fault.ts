import type { Ns, WriteOutcome } from '../timeline/events.ts';
import { type InjectionSpan, injections, marksOf } from '../timeline/spans.ts';
import type { LedgerHistory, Timeline } from '../timeline/timeline.ts';

/** What a fault could make a ledger lose. */
export interface WritesAtFault {
  readonly fault: InjectionSpan;
  /** Writes under way as the fault struck that were stored, or may have been. */
  readonly inFlight: number;
}

/**
 * The fault that put a ledger's writes at risk, and how many were under way. A write counts when its request overlaps the
 * injection, give or take the time between two writes. With requests much shorter than that time a strict overlap would be a
 * matter of luck, while the stream of writes (and of what replication has yet to carry over) is the same. A write that was
 * refused has nothing to lose.
 *
 * Of several faults the last one counts: those before it make its loss possible. One that found the writes stopped by the
 * faults before it can lose nothing, so the one before it counts. Writes are stopped when they are still tried and were not
 * acknowledged; a writer that sends nothing is the harness's own doing, and no evidence.
 * @returns null when no fault was injected
 */
export function writesAtFault(history: LedgerHistory, timeline: Timeline): WritesAtFault | null {
  const pauseNs = betweenWritesNs(history.ledger, timeline);
  const tallies = injections(timeline).map((fault) => new Tally(fault, pauseNs));
  for (const writer of history.writers) {
    for (let seq = 1; seq <= writer.reserved; seq++) {
      const sentNs = writer.sentNs(seq);
      const endNs = writer.endNs(seq);
      if (sentNs === null || endNs === null) continue;
      for (const tally of tallies) tally.add(writer.outcome(seq), sentNs, endNs);
    }
  }
  return tallies.findLast((tally) => tally.inFlight > 0 || !tally.foundStopped) ?? tallies.at(-1) ?? null;
}

function betweenWritesNs(ledger: string, timeline: Timeline): number {
  const started = marksOf(timeline, 'ledger.started').find((mark) => mark.ledger === ledger);
  return started === undefined || started.ratePerSecond <= 0 ? 0 : 1e9 / started.ratePerSecond;
}

class Tally implements WritesAtFault {
  readonly fault: InjectionSpan;
  inFlight = 0;
  readonly #fromNs: Ns;
  readonly #toNs: Ns;
  #lastNs = Number.NEGATIVE_INFINITY;
  #lastOutcome: WriteOutcome | 'unsent' | null = null;
  #triedSince = false;

  constructor(fault: InjectionSpan, pauseNs: number) {
    this.fault = fault;
    this.#fromNs = fault.fromNs - pauseNs;
    this.#toNs = (fault.toNs ?? fault.fromNs) + pauseNs;
  }

  /** Whether the last write that had its answer by then was not acknowledged, and more were tried afterwards. */
  get foundStopped(): boolean {
    return this.#triedSince && (this.#lastOutcome === 'failed' || this.#lastOutcome === 'indeterminate');
  }

  add(outcome: WriteOutcome | 'unsent', sentNs: Ns, endNs: Ns): void {
    const storable = outcome === 'acked' || outcome === 'indeterminate';
    if (storable && sentNs <= this.#toNs && endNs >= this.#fromNs) this.inFlight++;
    if (sentNs > this.#toNs) this.#triedSince = true;
    if (endNs > this.#toNs || endNs <= this.#lastNs) return;
    this.#lastNs = endNs;
    this.#lastOutcome = outcome;
  }
}
