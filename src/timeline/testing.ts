import type { Plan } from '../definition/plan.ts';
import type { Condition } from '../definition/scenario.ts';
import { TimelineBuilder } from './builder.ts';
import { conditionName } from './conditions.ts';
import {
  type JournalEvent,
  journalVersion,
  type MarkEvent,
  type PlanEvent,
  type SlotEvent,
  type SlotOutcome,
  type WriteEvent,
} from './events.ts';
import type { Timeline } from './timeline.ts';

/** Timelines for tests: real events through the real builder. Times are given in milliseconds since the origin. */
export function timelineOf(plan: Plan, events: readonly JournalEvent[], torn = false): Timeline {
  const builder = new TimelineBuilder();
  builder.add(headerOf(plan));
  for (const event of events) builder.add(event);
  return builder.finish(torn);
}

export function headerOf(plan: Plan): PlanEvent {
  const harness = { version: '0.0.0', node: 'v24.0.0', os: 'test', pid: 1, pidStart: '1' };
  return {
    type: 'plan',
    atNs: 0,
    journalVersion,
    runId: 'test-run',
    startedAt: '2030-01-01T00:00:00.000Z',
    harness,
    plan,
  };
}

/** A drill with one fault `crash`, one client `api`, and an RTO of 10 s, changed at will. */
export function planOf(changes: Partial<Plan> = {}): Plan {
  return {
    drill: 'test-drill',
    variant: null,
    title: 'A test drill',
    description: null,
    environment: 'local',
    today: '2030-01-01',
    asWritten: false,
    interactive: false,
    scenario: {
      name: 'crash',
      title: 'The API crashes',
      description: null,
      faults: { crash: { fault: 'kill', target: 'api', restart: 'held' } },
      symptoms: [{ when: apiFails, after: 'crash' }],
      detection: [],
    },
    platform: { platform: 'test', environment: 'local', components: {}, baseDir: '.' },
    runbook: null,
    probes: { api: { kind: 'http', role: 'api', path: '/health' } },
    ledgers: {},
    steady: { windowMs: 1000, withinMs: 10_000 },
    recovered: { probes: ['api'], holdMs: 1000, successRatio: 1, latencyMs: null },
    settle: { windowMs: 1000 },
    stages: [
      { kind: 'inject', fault: 'crash' },
      { kind: 'until', condition: 'recovered', withinMs: 20_000 },
      { kind: 'heal', fault: 'all' },
    ],
    objectives: { rto: { kind: 'time', from: 'crash', until: 'recovered', targetMs: 10_000 } },
    criteria: [],
    ...changes,
  };
}

export const apiFails: Condition = { probe: 'api', is: 'failing' };

type WithoutTime<T> = T extends unknown ? Omit<T, 'atNs'> : never;

export function mark(atMs: number, event: WithoutTime<MarkEvent>): MarkEvent {
  return { atNs: atMs * 1e6, ...event } as MarkEvent;
}

export interface SlotsOptions {
  readonly probe?: string;
  readonly periodMs?: number;
  readonly deadlineMs?: number;
  readonly untilMs: number;
  /** How long a request takes. */
  readonly takesMs?: number;
  /** What the slot due at that time comes to. */
  readonly outcome: (dueMs: number) => SlotOutcome;
  readonly value?: (dueMs: number) => number | undefined;
}

/** `probe.started` and every slot of a client, due from 0 on. */
export function slotsOf(options: SlotsOptions): JournalEvent[] {
  const { probe = 'api', periodMs = 100, deadlineMs = 1000, untilMs, takesMs = 5 } = options;
  const started = mark(0, {
    type: 'probe.started',
    probe,
    t0Ns: 0,
    periodNs: periodMs * 1e6,
    deadlineNs: deadlineMs * 1e6,
  });
  const slots = Array.from({ length: Math.floor(untilMs / periodMs) }, (_, slot): SlotEvent => {
    const dueMs = slot * periodMs;
    const outcome = options.outcome(dueMs);
    const value = options.value?.(dueMs);
    const endNs = (dueMs + takesMs) * 1e6;
    const sentNs = outcome === 'unsent' ? null : dueMs * 1e6;
    return {
      type: 'slot',
      atNs: endNs,
      probe,
      slot,
      dueNs: dueMs * 1e6,
      sentNs,
      endNs,
      outcome,
      ...(value !== undefined && { value }),
    };
  });
  return [started, ...slots];
}

/** A client that fails in the intervals `[from, to)`, in milliseconds. */
export function failingIn(
  ...intervals: readonly (readonly [number, number])[]
): (dueMs: number) => SlotOutcome {
  return (dueMs) => (intervals.some(([from, to]) => dueMs >= from && dueMs < to) ? 'failed' : 'ok');
}

/** The marks of a run whose only fault, `crash`, is set off at 5 s, and that settles from 18 s to 20 s. */
export function runMarks(
  changes: { readonly symptom?: boolean; readonly status?: 'gone' | 'superseded' | 'active' } = {},
): MarkEvent[] {
  const { symptom = true, status = 'gone' } = changes;
  const condition = { condition: conditionName(apiFails), purpose: 'symptom' } as const;
  const injection = {
    id: 'crash',
    spec: { fault: 'kill', target: 'api', restart: 'held' },
    instance: 'api',
    processes: [{ pid: 42, pidStart: '1' }],
  } as const;
  return [
    mark(0, { type: 'phase.start', phase: 'steady' }),
    mark(3000, { type: 'steady.met' }),
    mark(3000, { type: 'phase.end', phase: 'steady' }),
    mark(3000, { type: 'phase.start', phase: 'stages' }),
    mark(4900, { type: 'stage.start', stage: 0 }),
    mark(4950, { type: 'fault.prepared', injection }),
    mark(5000, { type: 'fault.injecting', injection: 'crash' }),
    mark(5010, { type: 'fault.injected', injection: 'crash' }),
    symptom
      ? mark(5200, { type: 'condition.met', ...condition, sinceNs: 5100e6 })
      : mark(9000, { type: 'condition.timeout', ...condition, observed: 'ok' }),
    mark(5200, { type: 'stage.end', stage: 0, outcome: 'done' }),
    mark(5200, { type: 'stage.start', stage: 1 }),
    mark(16_000, { type: 'stage.end', stage: 1, outcome: 'done' }),
    mark(16_500, { type: 'fault.healing', injection: 'crash' }),
    mark(16_600, { type: 'fault.healed', injection: 'crash', status, by: 'run' }),
    mark(18_000, { type: 'phase.end', phase: 'stages' }),
    mark(18_000, { type: 'phase.start', phase: 'settle' }),
    mark(20_000, { type: 'phase.end', phase: 'settle' }),
    mark(20_100, { type: 'fault.status', injection: 'crash', status, when: 'at-end' }),
    mark(20_500, { type: 'environment.down', leftovers: [] }),
    mark(20_600, { type: 'run.end' }),
  ];
}

/** Reserves as many sequence numbers as there are outcomes and writes them, one every `everyMs`. */
export function writesOf(
  outcomes: readonly (Pick<WriteEvent, 'outcome'> & Partial<WriteEvent>)[],
  { ledger = 'orders', writer = 0, everyMs = 100, takesMs = 5 } = {},
): JournalEvent[] {
  const writes = outcomes.map((write, index): WriteEvent => {
    const sentNs = index * everyMs * 1e6;
    const endNs = sentNs + takesMs * 1e6;
    return { type: 'write', atNs: endNs, ledger, writer, seq: index + 1, sentNs, endNs, ...write };
  });
  return [
    { type: 'ledger.reserved', atNs: 0, ledger, writer, from: 1, to: Math.max(1, outcomes.length) },
    ...writes,
  ];
}

/** A whole read of a ledger that found these sequence numbers of writer 0. */
export function readOf(
  seqs: readonly number[],
  {
    ledger = 'orders',
    read = 'final',
    why = 'survivor',
    atMs = 19_000,
    duplicates = [] as readonly number[],
  } = {},
): JournalEvent[] {
  const about = { ledger, read };
  return [
    mark(atMs, { type: 'ledger.read', ...about, instance: 'db', why: why as 'survivor' }),
    {
      type: 'ledger.ids',
      atNs: atMs * 1e6,
      ...about,
      writer: 0,
      ranges: seqs.map((seq) => [seq, seq] as const),
      duplicates,
    },
    mark(atMs + 10, { type: 'ledger.read-end', ...about, rows: seqs.length }),
  ];
}
