import type { PlannedProcedure, PlannedRunbook, PlannedStep } from '../definition/plan.ts';
import type { CommandStep, ManualStep } from '../runbook/runbook.ts';
import type { Attempt, MarkEvent, StepResult } from '../timeline/events.ts';
import { mark } from '../timeline/testing.ts';

/** Steps and procedures for tests. */
const base = {
  section: ['Recovery'],
  phase: 1,
  ordinal: 1,
  title: null,
  lines: { from: 12, to: 12 },
  placeholders: [],
};
const common = { timeoutMs: 60_000, peopleMs: 0, verify: [] };

export const commandStep = (id = 'step-1', text = 'patronictl failover'): CommandStep => ({
  ...base,
  id,
  kind: 'command',
  text,
  form: 'fence',
  fence: 'f',
  under: null,
});
export const manualStep = (id = 'step-1', text = 'Tell the customers'): ManualStep => ({
  ...base,
  id,
  kind: 'manual',
  text,
  commands: [],
  under: null,
});

type Run = Extract<PlannedStep, { do: 'run' }>;
export const running = (changes: Partial<Run> = {}): Run => ({
  ...common,
  do: 'run',
  step: commandStep(),
  bind: {},
  capture: {},
  correction: null,
  platformDiffers: null,
  ...changes,
});

export const procedureOf = (
  steps: readonly PlannedStep[],
  changes: Partial<PlannedProcedure> = {},
): PlannedProcedure => ({
  kind: 'procedure',
  name: 'fix',
  failback: false,
  section: ['Recovery'],
  phases: [],
  steps,
  ...changes,
});

export const performing = ({ peopleMs = 0 } = {}): PlannedProcedure =>
  procedureOf([{ ...common, peopleMs, do: 'perform', step: manualStep(), command: 'true' }]);

export const runbookOf = (nextReview?: string | null): PlannedRunbook => ({
  file: 'database.md',
  sha256: '0',
  title: 'Database',
  metadata: {
    fields: [],
    ...(nextReview !== undefined && {
      nextReview: { value: nextReview, text: `${nextReview}`, lines: { from: 1, to: 1 } },
    }),
  },
  escalations: [],
  criteria: [],
});

/** One attempt at step-1 between 6 s and 6.5 s: how it ended, and what each look at the state saw. */
export function attempted(
  attempt: Attempt,
  result: Partial<StepResult> = {},
  verified: readonly boolean[] = [],
): MarkEvent[] {
  const about = { step: 'step-1', procedure: 'fix', attempt } as const;
  const whole: StepResult = {
    exitCode: 0,
    signal: null,
    timedOut: false,
    durationNs: 5e8,
    stdout: '',
    stderr: '',
    truncatedBytes: 0,
    standIns: [],
    ...result,
  };
  return [
    mark(6000, { type: 'step.start', ...about, command: 'x' }),
    mark(6500, { type: 'step.end', ...about, result: whole }),
    ...verified.map((ok) =>
      mark(6600, {
        type: 'step.verified',
        ...about,
        ok,
        check: 'the replica takes writes',
        observed: ok ? 'f' : 't',
      }),
    ),
  ];
}
