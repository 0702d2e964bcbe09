import type { Unstamped } from '../../src/environments/environment.ts';
import type {
  JournalEvent,
  MarkEvent,
  SlotEvent,
  StepResult,
  WriteEvent,
} from '../../src/timeline/events.ts';
import { plan } from './plan.ts';

/** When the sample's primary is killed, and between which times its recovery lies: milliseconds of the run. */
export const faultMs = 6000;
export const recoveredMs = [8310, 8352] as const;
const endMs = 17_000;

const ns = (ms: number) => ms * 1e6;

function mark(ms: number, event: Unstamped<MarkEvent>): MarkEvent {
  return { atNs: ns(ms), ...event } as MarkEvent;
}

const esc = String.fromCharCode(27);
const quiet: StepResult = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  durationNs: ns(180),
  stdout: '',
  stderr: '',
  truncatedBytes: 0,
  standIns: [],
};

interface Ran {
  readonly step: string;
  readonly ms: number;
  readonly command: string;
  readonly result?: Partial<StepResult>;
  readonly attempt?: 'as-written' | 'correction' | 'performed';
}

function ran({ step, ms, command, result = {}, attempt = 'as-written' }: Ran): readonly MarkEvent[] {
  const whole = { ...quiet, ...result };
  const common = { step, procedure: 'promote', attempt };
  return [
    mark(ms, { type: 'step.start', ...common, command }),
    mark(ms + whole.durationNs / 1e6, { type: 'step.end', ...common, result: whole }),
  ];
}

const stepMarks: readonly MarkEvent[] = [
  mark(6610, {
    type: 'step.not-run',
    step: 'manual-1',
    procedure: 'promote',
    why: 'left-undone',
    reason: 'nobody was asked',
  }),
  ...ran({
    step: 'command-1',
    ms: 6620,
    command: 'patroni list',
    result: { exitCode: 127, stderr: 'patroni: command not found' },
  }),
  ...ran({
    step: 'command-2',
    ms: 6810,
    command: 'aws rds promote-read-replica --db-instance-identifier db-replica',
    result: {
      stdout: `{\n  "DBInstanceStatus": "${esc}[33mmodifying${esc}[0m",\n  "Note": "<script>alert(1)</script>"\n}`,
      durationNs: ns(640),
      standIns: ['aws'],
    },
  }),
  mark(8200, {
    type: 'step.verified',
    step: 'command-2',
    procedure: 'promote',
    attempt: 'as-written',
    ok: true,
    check: 'the replica takes writes',
    observed: 'wrote on time line 00000002',
  }),
  ...ran({
    step: 'command-3',
    ms: 8210,
    command: 'curl http://orchestrator:8000/health | grep ok',
    result: { stdout: '{"status":"ok"}' },
  }),
  ...ran({
    step: 'command-4',
    ms: 8400,
    command: "curl http://prom:9090/api/v1/query?query=rate(errors{status=~'5..'}[5m])",
    result: { exitCode: 3, stderr: 'curl: (3) bad range specification' },
  }),
  ...ran({
    step: 'command-4',
    ms: 8600,
    command: "curl -g 'http://prom:9090/api/v1/query?query=rate(errors[5m])'",
    result: { stdout: '{"status":"success"}' },
    attempt: 'correction',
  }),
  ...ran({
    step: 'command-5',
    ms: 8800,
    command: 'pg_waldump /var/lib/postgresql',
    result: { exitCode: 1, stderr: 'No such file or directory' },
  }),
  mark(9000, {
    type: 'step.not-run',
    step: 'command-6',
    procedure: 'promote',
    why: 'unbound',
    reason: 'nothing bound to <backup-id>',
  }),
  ...ran({ step: 'manual-3', ms: 9100, command: 'switch-config replica', attempt: 'performed' }),
];

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
  mark(6060, { type: 'condition.met', condition: 'writes failing', purpose: 'symptom', sinceNs: ns(6050) }),
  mark(6070, { type: 'stage.end', stage: 0, outcome: 'done' }),
  mark(6210, {
    type: 'condition.met',
    condition: 'orchestrator-health failing',
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

function slots(probe: string, periodMs: number, failing: readonly [number, number]): readonly SlotEvent[] {
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

const lostFrom = 173;
const lostTo = 176;

function writes(writer: number): readonly WriteEvent[] {
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

function read(name: string, ms: number, why: 'survivor' | 'after-rejoin'): readonly JournalEvent[] {
  const common = { ledger: 'orders', read: name };
  const present = (writer: number) => (writer === 2 ? [[1, lostFrom - 1] as const] : [[1, 175] as const]);
  return [
    mark(ms, { type: 'ledger.read', ...common, instance: 'db-replica', why }),
    ...[0, 1, 2, 3].map(
      (writer): JournalEvent => ({
        type: 'ledger.ids',
        atNs: ns(ms + 5),
        ...common,
        writer,
        ranges: [...present(writer), [293, 640]],
      }),
    ),
    mark(ms + 10, { type: 'ledger.read-end', ...common, rows: 2060 }),
  ];
}

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

export { lostFrom, lostTo };
