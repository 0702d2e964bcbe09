import type { Unstamped } from '../../src/environments/environment.ts';
import type { MarkEvent, StepResult } from '../../src/timeline/events.ts';

export const ns = (ms: number) => ms * 1e6;

export function mark(ms: number, event: Unstamped<MarkEvent>): MarkEvent {
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

/** A step of each kind and each outcome. */
export const stepMarks: readonly MarkEvent[] = [
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
