import { judge } from '../src/checkers/judge.ts';
import { encodeEvent } from '../src/timeline/codec.ts';
import type { JournalEvent, SlotEvent } from '../src/timeline/events.ts';
import { readTimeline } from '../src/timeline/read.ts';
import { headerOf, mark, planOf, runMarks } from '../src/timeline/testing.ts';

/** The program that `benchTimelineMemory` runs in a process of its own. Its output is an HourOfReading. */
export interface HourOfReading {
  readonly slots: number;
  readonly peakMb: number;
  readonly readSeconds: number;
  readonly judgeSeconds: number;
}

const hourNs = 3600e9;
const periodNs = 10e6;
const probes = ['api', 'database', 'queue', 'login', 'replication-lag'];
const plan = planOf({ recovered: { probes, holdMs: 1000, successRatio: 1, latencyMs: null } });

const readFrom = performance.now();
const timeline = await readTimeline(journal());
const judgeFrom = performance.now();
const { findings } = judge(timeline, plan);
const judgedAt = performance.now();
const recovery = findings.find(({ rule }) => rule === 'rto');
if (recovery?.status !== 'pass') throw new Error(`the RTO of the hour was not found: ${recovery?.message}`);

process.stdout.write(
  `${JSON.stringify({
    slots: [...timeline.series.values()].reduce((sum, { length }) => sum + length, 0),
    peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
    readSeconds: (judgeFrom - readFrom) / 1000,
    judgeSeconds: (judgedAt - judgeFrom) / 1000,
  } satisfies HourOfReading)}\n`,
);

/** A run whose clients fail from 5 s to 8 s and that settles for the rest of the hour; a second of it in each piece. */
async function* journal(): AsyncIterable<string> {
  const starts = probes.map((probe) =>
    mark(0, { type: 'probe.started', probe, t0Ns: 0, periodNs, deadlineNs: 1e9 }),
  );
  const marks = runMarks().map((event) =>
    event.atNs < 20_000e6 ? event : { ...event, atNs: event.atNs - 20_000e6 + hourNs },
  );
  yield lines([headerOf(plan), ...marks, ...starts]);
  for (let fromNs = 0; fromNs < hourNs; fromNs += 1e9) yield lines(second(fromNs));
}

function lines(events: readonly JournalEvent[]): string {
  return events.map((event) => `${encodeEvent(event)}\n`).join('');
}

function second(fromNs: number): SlotEvent[] {
  return Array.from({ length: 1e9 / periodNs }, (_, index) => fromNs / periodNs + index).flatMap((slot) =>
    probes.map((probe) => slotOf(probe, slot)),
  );
}

function slotOf(probe: string, slot: number): SlotEvent {
  const dueNs = slot * periodNs;
  const sentNs = dueNs + 150_000;
  const endNs = sentNs + 2_400_000 + (slot % 97) * 10_000;
  const down = dueNs >= 5e9 && dueNs < 8e9;
  return {
    type: 'slot',
    atNs: endNs + 20e6,
    probe,
    slot,
    dueNs,
    sentNs,
    endNs,
    outcome: down ? 'failed' : 'ok',
    ...(down && { detail: 'ECONNREFUSED' }),
    ...(probe === 'replication-lag' && { value: slot % 1000 }),
  };
}
