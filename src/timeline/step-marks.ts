/** Whose words ran: the runbook's, the drill's correction of them, or what a person would do. */
export type Attempt = 'as-written' | 'correction' | 'performed';
export type NotRunWhy = 'unbound' | 'tool-missing' | 'not-contained' | 'left-undone' | 'interrupted';

export interface StepResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly durationNs: number;
  /** Redacted and bounded: the first and last parts with a mark between. */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncatedBytes: number;
  /** Programs of the command that were stand-ins; such a step is not proved. */
  readonly standIns: readonly string[];
}

/** What a health check of the runbook said before the fault, and after it. */
export interface HealthAnswer {
  /** Its name in the plan. */
  readonly check: string;
  readonly when: 'healthy' | 'faulted';
  /** Null: it could not be asked, and `answer` says why. */
  readonly ok: boolean | null;
  /** HTTP status or exit code. */
  readonly status: number | null;
  /** At most 200 characters. */
  readonly answer: string;
  readonly ms: number;
}
