import type { Ns } from '../timeline/events.ts';
import type { LedgerHistory } from '../timeline/timeline.ts';
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
  for (const writer of history.writers) {
    for (let seq = 1; seq <= writer.reserved; seq++) {
      const timeLine = writer.timeLine(seq);
      if (timeLine === null || writer.outcome(seq) !== 'acked') continue;
      const reign = reigns.find((one) => one.timeLine === timeLine && one.instance === writer.instance(seq));
      if (reign === undefined || (writer.endNs(seq) ?? 0) <= reign.overNs) continue;
      writes.add(writer.writer, seq);
      servers.add(`${reign.instance ?? 'a server'} on time line ${reign.timeLine}`);
    }
  }
  return { writes, servers: [...servers] };
}

/** By time line, then by who came first. */
export function reignsOf(history: LedgerHistory): Reign[] {
  const reigns: Reign[] = [];
  for (const writer of history.writers) {
    for (let seq = 1; seq <= writer.reserved; seq++) {
      const timeLine = writer.timeLine(seq);
      if (timeLine === null || writer.outcome(seq) !== 'acked') continue;
      note(reigns, { instance: writer.instance(seq), timeLine }, writer.endNs(seq) ?? 0);
    }
  }
  reigns.sort((a, b) => a.timeLine - b.timeLine || a.firstNs - b.firstNs);
  for (const [index, reign] of reigns.entries()) {
    reign.overNs = Math.min(
      ...reigns.slice(index + 1).map((later) => later.firstNs),
      Number.POSITIVE_INFINITY,
    );
  }
  return reigns;
}

function note(
  reigns: Reign[],
  { instance, timeLine }: Pick<Reign, 'instance' | 'timeLine'>,
  ackedNs: Ns,
): void {
  const known = reigns.find((one) => one.timeLine === timeLine && one.instance === instance);
  if (known === undefined)
    reigns.push({ instance, timeLine, firstNs: ackedNs, overNs: Number.POSITIVE_INFINITY });
  else known.firstNs = Math.min(known.firstNs, ackedNs);
}
