import type { JournalEvent, SlotEvent, WriteEvent } from '../../src/timeline/events.ts';
import { mark, ns } from './step-events.ts';

/** When the sample's primary is killed, and between which times its recovery lies: milliseconds of the run. */
export const faultMs = 6000;
export const recoveredMs = [8310, 8352] as const;

export function slots(
  probe: string,
  periodMs: number,
  failing: readonly [number, number],
): readonly SlotEvent[] {
  return Array.from({ length: Math.floor(13_400 / periodMs) }, (_, slot) => {
    const dueMs = 2500 + slot * periodMs;
    const failed = dueMs >= failing[0] && dueMs < failing[1];
    const endedMs = failed ? dueMs + 1 : dueMs + 4;
    return {
      type: 'slot',
      atNs: ns(endedMs),
      probe,
      slot,
      dueNs: ns(dueMs),
      sentNs: ns(dueMs),
      endNs: ns(endedMs),
      outcome: failed ? 'failed' : 'ok',
      ...(failed ? { detail: 'ECONNREFUSED' } : {}),
    };
  });
}

/** Writer 2 had an acknowledgement up to 175 when the primary died; the replica has its writes up to here. */
const replicated = 172;

export function writes(writer: number): readonly WriteEvent[] {
  return Array.from({ length: 640 }, (_, index) => {
    const sentMs = 2500 + index * 20;
    const down = sentMs >= faultMs && sentMs < recoveredMs[1];
    return {
      type: 'write',
      atNs: ns(sentMs + 2),
      ledger: 'orders',
      writer,
      seq: index + 1,
      sentNs: ns(sentMs),
      endNs: ns(sentMs + 2),
      outcome: !down ? 'acked' : index === 175 ? 'indeterminate' : 'failed',
      instance: down || sentMs < faultMs ? '127.3.1.1:5432' : '127.3.1.2:5432',
      timeLine: sentMs < faultMs ? 1 : 2,
    };
  });
}

export function read(name: string, ms: number, why: 'survivor' | 'after-rejoin'): readonly JournalEvent[] {
  const common = { ledger: 'orders', read: name };
  const last = [176, 175, replicated, 175];
  return [
    mark(ms, { type: 'ledger.read', ...common, instance: 'db-replica', why }),
    ...[0, 1, 2, 3].map(
      (writer): JournalEvent => ({
        type: 'ledger.ids',
        atNs: ns(ms + 5),
        ...common,
        writer,
        ranges: [
          [1, last[writer] ?? 0],
          [294, 640],
        ],
      }),
    ),
    mark(ms + 10, { type: 'ledger.read-end', ...common, rows: 2087 }),
  ];
}
