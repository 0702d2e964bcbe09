import type { Lines, Runbook } from '../runbook.ts';
import type { Use } from './uses.ts';

export interface LintFinding {
  readonly rule: string;
  /** `error`: cannot work as written. `warning`: works but misleads. */
  readonly severity: 'error' | 'warning';
  /** What is wrong and why. */
  readonly message: string;
  readonly lines: Lines;
  /** What to write instead. */
  readonly instead?: string;
}

export interface LintOptions {
  /** ISO date `YYYY-MM-DD` that review dates are compared with. */
  readonly today: string;
  /** What `bash -n` says is wrong with a command, null when nothing is. Left out: syntax is not looked at. */
  readonly syntax?: (command: string) => string | null;
}

export interface LintContext {
  readonly runbook: Runbook;
  readonly text: string;
  readonly options: LintOptions;
  /** Calls of programs in the commands, in document order. */
  readonly uses: readonly Use[];
}

export type LintRule = (context: LintContext) => LintFinding[];
