import type { Plan } from '../definition/plan.ts';
import type { Running } from '../environments/environment.ts';
import type { ManualStep } from '../runbook/runbook.ts';
import type { SignalBoard } from './board.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { RunningLoads } from './loads.ts';
import type { Measuring } from './measuring.ts';
import type { RecoveryWatch } from './recovery-watch.ts';

/** What the stages of a run share. */
export interface RunContext {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly running: Running;
  readonly board: SignalBoard;
  readonly measuring: Measuring;
  readonly loads: RunningLoads;
  readonly recovery: RecoveryWatch;
  /** Ends the stages: Ctrl-C, a journal that cannot be written, a measuring thread that died. Never the clean-up. */
  readonly abort: AbortSignal;
  /** Asks the person at the terminal; null when nobody is there. */
  readonly ask: AskOperator | null;
  /** What earlier steps' outputs gave. */
  readonly captured: Map<string, string>;
  /** Instances that are back as they were left: what only they hold has been read. */
  readonly returned: Set<string>;
}

export type AskOperator = (step: ManualStep) => Promise<OperatorAnswer>;

export interface OperatorAnswer {
  readonly answer: 'done' | 'skipped' | 'failed';
  readonly note: string;
}
