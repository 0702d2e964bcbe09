import type { Lines, Runbook } from '../runbook.ts';

export interface LintFinding {
  readonly rule: string;
  /** `error`: cannot work as written. `warning`: works but misleads. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly lines: Lines;
  /** What to write instead. */
  readonly instead?: string;
}

export interface LintOptions {
  /** ISO date `YYYY-MM-DD` that review dates are compared with. */
  readonly today: string;
  /** Runs `bash -n` on a command: what bash says is wrong, or null. Left out: syntax is not looked at. */
  readonly syntax?: (command: string) => string | null;
}

export function lintRunbook(_runbook: Runbook, _text: string, _options: LintOptions): LintFinding[] {
  return [];
}
