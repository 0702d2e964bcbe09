import type { Plan, PlannedProcedure, PlannedStep } from '../../src/definition/plan.ts';
import type { CommandStep, ManualStep } from '../../src/runbook/runbook.ts';

const section = ['3. Database loss', 'Response'];

function command(ordinal: number, line: number, text: string): CommandStep {
  return {
    kind: 'command',
    id: `command-${ordinal}`,
    section,
    phase: 2,
    ordinal,
    title: null,
    lines: { from: line, to: line },
    placeholders: [],
    text,
    form: 'prompt',
    fence: 'fence-1',
    under: null,
  };
}

function manual(ordinal: number, line: number, text: string): ManualStep {
  return {
    kind: 'manual',
    id: `manual-${ordinal}`,
    section,
    phase: ordinal < 3 ? 1 : 2,
    ordinal,
    title: null,
    lines: { from: line, to: line },
    placeholders: [],
    text,
    commands: [],
    under: null,
  };
}

const timing = { timeoutMs: 60_000, peopleMs: 0, verify: [] };
const run = { do: 'run', ...timing, bind: {}, capture: {}, correction: null, platformDiffers: null } as const;

export const steps: readonly PlannedStep[] = [
  { do: 'prompt', ...timing, step: manual(1, 141, 'Check the database is healthy') },
  { ...run, step: command(1, 144, 'patroni list') },
  {
    ...run,
    step: command(2, 146, 'aws rds promote-read-replica --db-instance-identifier replica-id'),
    peopleMs: 30_000,
    bind: { 'replica-id': 'db-replica' },
    verify: [{ name: 'the replica takes writes', probe: 'writes' }],
  },
  { ...run, step: command(3, 149, 'curl http://orchestrator:8000/health | grep ok') },
  {
    ...run,
    step: command(4, 152, "curl http://prom:9090/api/v1/query?query=rate(errors{status=~'5..'}[5m])"),
    correction: {
      command: "curl -g 'http://prom:9090/api/v1/query?query=rate(errors[5m])'",
      reason: 'curl globs {} and []',
    },
  },
  {
    ...run,
    step: command(5, 155, 'pg_waldump /var/lib/postgresql'),
    platformDiffers: 'the replica keeps its files elsewhere',
  },
  { ...run, step: command(6, 157, 'restore-manager restore <backup-id>') },
  {
    do: 'perform',
    ...timing,
    peopleMs: 120_000,
    step: manual(3, 160, 'Update connection strings'),
    command: 'switch-config replica',
  },
  {
    do: 'leave-out',
    step: command(7, 162, 'gcloud sql instances promote-replica replica-name'),
    reason: 'the other provider',
  },
];

const procedure: PlannedProcedure = {
  kind: 'procedure',
  name: 'promote',
  failback: false,
  section,
  phases: [
    { ordinal: 1, name: 'ASSESS', budget: { fromMs: 0, toMs: 120_000 } },
    { ordinal: 2, name: 'IF PRIMARY FAILS', budget: { fromMs: 120_000, toMs: 600_000 } },
    { ordinal: 3, name: 'FOLLOW UP', budget: null },
  ],
  steps,
};

export const plan: Plan = {
  drill: 'database-primary-loss',
  variant: 'async',
  title: 'The database primary dies under load',
  description:
    'SIGKILL while 200 writes a second are acknowledged; the replica is promoted as the playbook says.',
  environment: 'local',
  today: '2026-03-01',
  asWritten: false,
  interactive: false,
  scenario: {
    name: 'database-primary-loss',
    title: 'Database primary lost',
    description: null,
    faults: { 'primary-killed': { fault: 'kill', target: 'database', restart: 'held' } },
    symptoms: [{ when: { probe: 'writes', is: 'failing' } }],
    detection: [{ when: { probe: 'orchestrator-health', is: 'failing' } }],
  },
  platform: { platform: 'local', environment: 'local', components: {}, baseDir: '/platforms' },
  runbook: {
    file: 'dr-playbook.md',
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    title: 'Disaster recovery playbook',
    metadata: {
      fields: [],
      rtoMs: { value: 600_000, text: '10 minutes', lines: { from: 5, to: 5 } },
      nextReview: { value: '2026-09-30', text: '2026-09-30', lines: { from: 300, to: 300 } },
    },
    escalations: [],
    criteria: [{ text: 'Error rate back at its baseline', lines: { from: 290, to: 290 } }],
  },
  probes: {
    writes: { kind: 'postgres', role: 'database' },
    'orchestrator-health': { kind: 'http', role: 'orchestrator', path: '/health' },
  },
  ledgers: { orders: { kind: 'postgres', role: 'database', rate: 200, writers: 4 } },
  steady: { windowMs: 3000, withinMs: 30_000 },
  recovered: { probes: ['writes'], holdMs: 3000, successRatio: 1, latencyMs: null },
  settle: { windowMs: 2000 },
  stages: [
    { kind: 'inject', fault: 'primary-killed' },
    procedure,
    { kind: 'until', condition: 'recovered', withinMs: 60_000 },
    { kind: 'heal', fault: 'all' },
    { kind: 'rejoin', target: 'db-primary' },
  ],
  objectives: {
    rto: { kind: 'time', from: 'primary-killed', until: 'recovered', targetMs: 600_000 },
    gate: { kind: 'time', from: 'primary-killed', until: 'recovered', targetMs: 5000 },
    rpo: { kind: 'loss', ledger: 'orders', lostAtMostMs: 0, writesAtMost: null },
    availability: { kind: 'availability', probe: 'writes', atLeast: 0.5 },
  },
  criteria: [
    {
      criterion: 'Error rate back at its baseline',
      check: { probes: ['writes'], 'errors-below': 'baseline' },
    },
    { criterion: 'Customers told', check: { 'not-checked': 'nobody to tell in a replica' } },
  ],
};
