import type { JournalEvent, MarkEvent } from '../../src/timeline/events.ts';
import { plan } from './plan.ts';
import { mark, ns, stepMarks } from './step-events.ts';
import { faultMs, read, recoveredMs, slots, writes } from './traffic.ts';

const endMs = 17_000;

const marks: readonly MarkEvent[] = [
  mark(0, { type: 'phase.start', phase: 'provision' }),
  mark(1900, {
    type: 'component.started',
    component: 'state-store',
    instance: 'db-primary',
    pid: 4001,
    pidStart: '100',
    address: '127.3.1.1:5432',
  }),
  mark(2400, { type: 'phase.end', phase: 'provision' }),
  mark(2400, { type: 'phase.start', phase: 'steady' }),
  mark(2400, {
    type: 'probe.started',
    probe: 'writes',
    t0Ns: ns(2500),
    periodNs: ns(50),
    deadlineNs: ns(1000),
  }),
  mark(2400, {
    type: 'probe.started',
    probe: 'orchestrator-health',
    t0Ns: ns(2500),
    periodNs: ns(100),
    deadlineNs: ns(1000),
  }),
  mark(2450, { type: 'ledger.started', ledger: 'orders', writers: 4, ratePerSecond: 200 }),
  mark(5600, { type: 'steady.met' }),
  mark(5600, { type: 'phase.end', phase: 'steady' }),
  mark(5600, { type: 'phase.start', phase: 'stages' }),
  mark(5990, { type: 'stage.start', stage: 0 }),
  mark(5995, {
    type: 'fault.prepared',
    injection: {
      id: 'primary-killed',
      spec: { fault: 'kill', target: 'database', restart: 'held' },
      instance: 'db-primary',
      processes: [{ pid: 4001, pidStart: '100' }],
    },
  }),
  mark(faultMs, { type: 'fault.injecting', injection: 'primary-killed' }),
  mark(faultMs + 4, { type: 'fault.injected', injection: 'primary-killed' }),
  mark(6060, {
    type: 'condition.met',
    condition: 'writes is failing',
    purpose: 'symptom',
    sinceNs: ns(6050),
  }),
  mark(6070, { type: 'stage.end', stage: 0, outcome: 'done' }),
  mark(6210, {
    type: 'condition.met',
    condition: 'orchestrator-health is failing',
    purpose: 'detection',
    sinceNs: ns(6200),
  }),
  mark(6600, { type: 'stage.start', stage: 1 }),
  mark(6600, {
    type: 'fault.status',
    injection: 'primary-killed',
    status: 'active',
    when: 'before-procedure',
  }),
  mark(6600, { type: 'procedure.start', procedure: 'promote' }),
  ...stepMarks,
  mark(9300, { type: 'procedure.end', procedure: 'promote' }),
  mark(9300, { type: 'stage.end', stage: 1, outcome: 'done' }),
  mark(9300, { type: 'stage.start', stage: 2 }),
  mark(11_400, { type: 'stage.end', stage: 2, outcome: 'done' }),
  mark(11_400, { type: 'stage.start', stage: 3 }),
  mark(11_410, { type: 'fault.healing', injection: 'primary-killed' }),
  mark(11_450, { type: 'fault.healed', injection: 'primary-killed', status: 'superseded', by: 'run' }),
  mark(11_460, { type: 'stage.end', stage: 3, outcome: 'done' }),
  mark(11_460, { type: 'stage.start', stage: 4 }),
  mark(13_200, {
    type: 'rejoined',
    component: 'state-store',
    instance: 'db-primary',
    how: 'a new base backup',
  }),
  mark(13_200, { type: 'stage.end', stage: 4, outcome: 'done' }),
  mark(13_200, { type: 'phase.end', phase: 'stages' }),
  mark(13_200, { type: 'phase.start', phase: 'settle' }),
  mark(15_500, {
    type: 'criterion',
    criterion: 'Error rate back at its baseline',
    ok: true,
    observed: '0 of 46 slots failed',
  }),
  mark(16_000, { type: 'phase.end', phase: 'settle' }),
  mark(16_000, { type: 'phase.start', phase: 'teardown' }),
  mark(16_900, { type: 'environment.down', leftovers: [] }),
  mark(16_950, { type: 'phase.end', phase: 'teardown' }),
  mark(endMs, { type: 'run.end' }),
];

const unordered: readonly JournalEvent[] = [
  {
    type: 'plan',
    atNs: 0,
    journalVersion: 1,
    runId: '20260301-101500-database-primary-loss-async',
    startedAt: '2026-03-01T10:15:00.000Z',
    harness: { version: '0.1.0', node: 'v24.11.0', os: 'Linux 6.12 x64', pid: 4000, pidStart: '90' },
    plan,
  },
  ...marks,
  ...[0, 1, 2, 3].map(
    (writer): JournalEvent => ({
      type: 'ledger.reserved',
      atNs: ns(2450),
      ledger: 'orders',
      writer,
      from: 1,
      to: 640,
    }),
  ),
  ...slots('writes', 50, [faultMs + 50, recoveredMs[0] + 40]),
  ...slots('orchestrator-health', 100, [faultMs + 200, recoveredMs[1] + 400]),
  ...[0, 1, 2, 3].flatMap(writes),
  ...read('settled', 15_600, 'survivor'),
  ...read('rejoined', 15_800, 'after-rejoin'),
];

/** A run in which a primary was killed, its replica promoted, and four acknowledged writes lost. */
export const events = unordered.toSorted((one, other) => one.atNs - other.atNs);
