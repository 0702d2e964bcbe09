import { rpo } from '../src/checkers/rpo.ts';
import { TimelineBuilder } from '../src/timeline/builder.ts';
import type { WriteEvent } from '../src/timeline/events.ts';
import { headerOf, mark, planOf, runMarks } from '../src/timeline/testing.ts';

/** The program that `benchLedger` runs in a process of its own. Its output is an AuditedLedger. */
export interface AuditedLedger {
  readonly fillSeconds: number;
  readonly checkSeconds: number;
  readonly extraMb: number;
}

const writers = 8;
const ledger = 'orders';
const about = { ledger, read: 'final' };
/** Every writer loses this many writes around the fault, in the middle. */
const lostByEach = 50;
const total = Number(process.argv[2]);
const each = total / writers;
const plan = planOf({ ledgers: { [ledger]: { kind: 'postgres', role: 'db' } } });

const beforeMb = process.memoryUsage.rss() / 1e6;
const fillFrom = performance.now();
const timeline = filled();
const checkFrom = performance.now();
const [finding] = rpo.check(timeline, plan);
const checkedAt = performance.now();
if (finding?.figures?.lost !== lostByEach * writers) throw new Error(`the check found ${finding?.message}`);

process.stdout.write(
  `${JSON.stringify({
    fillSeconds: (checkFrom - fillFrom) / 1000,
    checkSeconds: (checkedAt - checkFrom) / 1000,
    extraMb: (process.resourceUsage().maxRSS * 1024) / 1e6 - beforeMb,
  } satisfies AuditedLedger)}\n`,
);

function filled() {
  const builder = new TimelineBuilder();
  builder.add(headerOf(plan));
  for (const event of runMarks()) builder.add(event);
  for (let writer = 0; writer < writers; writer++) {
    builder.add({ type: 'ledger.reserved', atNs: 0, ledger, writer, from: 1, to: each });
    for (let seq = 1; seq <= each; seq++) builder.add(writeOf(writer, seq));
  }
  builder.add(mark(19_000, { type: 'ledger.read', ...about, instance: 'b:5432', why: 'survivor' }));
  const lostFrom = each / 2 - lostByEach;
  for (let writer = 0; writer < writers; writer++) {
    builder.add({
      type: 'ledger.ids',
      atNs: 19_000e6,
      ...about,
      writer,
      ranges: [
        [1, lostFrom - 1],
        [lostFrom + lostByEach, each],
      ],
    });
  }
  builder.add(mark(19_500, { type: 'ledger.read-end', ...about, rows: total - lostByEach * writers }));
  return builder.finish(false);
}

/** Spread over 18 s; the second half by the promoted server, and one in a thousand of unknown fate. */
function writeOf(writer: number, seq: number): WriteEvent {
  const sentNs = (seq / each) * 18e9;
  const old = seq < each / 2;
  const known = seq % 1000 !== 0;
  return {
    type: 'write',
    atNs: sentNs + 2e6,
    ledger,
    writer,
    seq,
    sentNs,
    endNs: sentNs + 2e6,
    outcome: known ? 'acked' : 'indeterminate',
    ...(known && { instance: old ? 'a:5432' : 'b:5432', timeLine: old ? 1 : 2 }),
  };
}
