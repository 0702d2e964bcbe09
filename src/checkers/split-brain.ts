import type { Ns } from '../timeline/events.ts';
import type { LedgerHistory, WriterHistory } from '../timeline/timeline.ts';
import { SequenceRanges } from './sequence-ranges.ts';

/** Everything one server acknowledged on one time line. */
export interface Reign {
  readonly instance: string | null;
  readonly timeLine: number;
  firstNs: Ns;
  /** First acknowledgement of a reign that came after this one. */
  overNs: Ns;
}

export interface SplitBrain {
  /** Acknowledged by a server whose time line (or whose rank as the only one on it) had been taken over. */
  readonly writes: SequenceRanges;
  readonly servers: readonly string[];
}

/**
 * Two servers that acknowledged writes in the same stretch of time: one still did so on an old time line (or another
 * server on the same one, as two promoted standbys get the same number) after the newer had begun to.
 * Ledgers that know no time line show nothing here.
 */
export function splitBrain(history: LedgerHistory): SplitBrain {
  const reigns = reignsOf(history);
  const writes = new SequenceRanges();
  const servers = new Set<string>();
  if (reigns.length < 2) return { writes, servers: [] };
  forEachAck(history, (writer, seq, known) => {
    const reign = find(reigns, writer, seq, known);
    if (reign === null || (writer.endNs(seq) ?? 0) <= reign.overNs) return reign;
    writes.add(writer.writer, seq);
    servers.add(`${reign.instance ?? 'a server'} on time line ${reign.timeLine}`);
    return reign;
  });
  return { writes, servers: [...servers] };
}

/** By time line, then by who came first. */
export function reignsOf(history: LedgerHistory): Reign[] {
  const reigns: Reign[] = [];
  forEachAck(history, (writer, seq, known) => {
    const ackedNs = writer.endNs(seq) ?? 0;
    const reign = find(reigns, writer, seq, known);
    if (reign !== null) {
      reign.firstNs = Math.min(reign.firstNs, ackedNs);
      return reign;
    }
    const timeLine = writer.timeLine(seq) as number;
    const begun = {
      instance: writer.instance(seq),
      timeLine,
      firstNs: ackedNs,
      overNs: Number.POSITIVE_INFINITY,
    };
    reigns.push(begun);
    return begun;
  });
  reigns.sort((a, b) => a.timeLine - b.timeLine || a.firstNs - b.firstNs);
  for (const [index, reign] of reigns.entries()) {
    reign.overNs = Math.min(
      ...reigns.slice(index + 1).map((later) => later.firstNs),
      Number.POSITIVE_INFINITY,
    );
  }
  return reigns;
}

/** Every acknowledged write that tells its time line. A writer stays with one server for long: its reign is handed on as the first guess. */
function forEachAck(
  { writers }: LedgerHistory,
  visit: (writer: WriterHistory, seq: number, guess: Reign | null) => Reign | null,
): void {
  for (const writer of writers) {
    let reign: Reign | null = null;
    for (let seq = 1; seq <= writer.reserved; seq++) {
      if (writer.timeLine(seq) !== null && writer.outcome(seq) === 'acked') reign = visit(writer, seq, reign);
    }
  }
}

function find(
  reigns: readonly Reign[],
  writer: WriterHistory,
  seq: number,
  guess: Reign | null,
): Reign | null {
  const timeLine = writer.timeLine(seq);
  const instance = writer.instance(seq);
  if (guess !== null && guess.timeLine === timeLine && guess.instance === instance) return guess;
  for (const reign of reigns) if (reign.timeLine === timeLine && reign.instance === instance) return reign;
  return null;
}
