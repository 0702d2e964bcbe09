import type {
  CommandStep,
  Escalation,
  Interval,
  LessonsTemplate,
  Lines,
  ManualStep,
  QueryStep,
  RunbookMetadata,
} from '../runbook/runbook.ts';
import type { Criterion, Verification } from './drill.ts';
import type { PlannedLoad } from './load-spec.ts';
import type { LedgerSpec, ProbeSpec } from './observing.ts';
import type { PlannedTarget } from './plan-targets.ts';
import type { EnvironmentName, Platform } from './platform.ts';
import type { Condition, FaultSpec, Watched } from './scenario.ts';

/** Everything a run will do, resolved: plain JSON, the journal's first line. Durations in milliseconds. */
export interface Plan {
  readonly drill: string;
  readonly variant: string | null;
  readonly title: string;
  readonly description: string | null;
  readonly environment: EnvironmentName;
  /** ISO date that review dates are compared with. */
  readonly today: string;
  readonly asWritten: boolean;
  readonly interactive: boolean;
  readonly scenario: PlannedScenario;
  readonly platform: Platform;
  /** What is there already and would be broken: a run refuses it unless it is allowed. Not there: nothing is. */
  readonly targets?: readonly PlannedTarget[];
  readonly runbook: PlannedRunbook | null;
  readonly probes: { readonly [name: string]: ProbeSpec };
  readonly ledgers: { readonly [name: string]: LedgerSpec };
  /** None: the drill names none. */
  readonly loads?: { readonly [name: string]: PlannedLoad };
  readonly steady: {
    readonly windowMs: number;
    readonly withinMs: number;
    /** Those that must be healthy; not there: every probe. */
    readonly probes?: readonly string[];
  };
  readonly recovered: RecoveredRule;
  readonly settle: { readonly windowMs: number };
  readonly stages: readonly PlannedStage[];
  readonly objectives: { readonly [name: string]: Objective };
  readonly criteria: readonly Criterion[];
  /** None: the drill asks none. */
  readonly healthChecks?: PlannedHealthChecks;
  /** Beginnings of commands whose answer the fault has to change, in procedures that are compared. */
  readonly mustNotice?: readonly string[];
  /** None: the drill takes some sections of the runbook, and not the whole of it. */
  readonly coverage?: PlannedCoverage;
  readonly claims?: readonly PlannedClaim[];
  readonly updates?: { readonly [name: string]: PlannedUpdates };
  /** Probes in the order in which what they observe has to be back. */
  readonly restorationOrder?: readonly string[];
}

/** The whole runbook in its own order, and what of it the drill does not do. */
export interface PlannedCoverage {
  /** Share of the commands that have to be executed, 0 to 1; null: told, not judged. */
  readonly commandsAtLeast: number | null;
  readonly sections: readonly {
    readonly path: readonly string[];
    readonly lines: Lines;
    readonly steps: readonly AccountedStep[];
  }[];
}

export interface AccountedStep {
  readonly id: string;
  readonly kind: 'command' | 'query' | 'manual';
  readonly text: string;
  readonly lines: Lines;
  /** Not there: a procedure of the drill takes it, or leaves it out. */
  readonly apart?: { readonly kind: 'not-applicable' | 'people'; readonly reason: string };
}

export interface PlannedClaim {
  readonly says: string;
  /** Where the runbook says it; null: nowhere, it is only told. */
  readonly lines: Lines | null;
  readonly ledgers: readonly string[];
  readonly toldBy?: string;
}

/** An interval of the runbook, and the ids of the steps that are an update each time one is taken. */
export interface PlannedUpdates extends Interval {
  readonly steps: readonly string[];
}

/** Health checks of the runbook, asked while the platform is healthy and again after the fault. */
export interface PlannedHealthChecks {
  readonly section: readonly string[];
  /** At least one of them has to notice the fault. */
  readonly mustNotice: boolean;
  readonly checks: readonly PlannedHealthCheck[];
}

/** `text`: the address, command or statement, its placeholders bound. */
export type PlannedHealthCheck = {
  readonly name: string;
  readonly lines: Lines;
  readonly text: string;
} & (
  | { readonly kind: 'url' | 'command' }
  | { readonly kind: 'sql'; readonly role: string }
  | { readonly kind: 'left-out'; readonly reason: string }
);

export interface PlannedScenario {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly faults: { readonly [id: string]: FaultSpec };
  readonly symptoms: readonly Watched[];
  readonly detection: readonly Watched[];
}

/** Which runbook was rehearsed, byte for byte, and what of it the verdict needs. */
export interface PlannedRunbook {
  readonly file: string;
  readonly sha256: string;
  readonly title: string;
  readonly metadata: RunbookMetadata;
  readonly escalations: readonly Escalation[];
  /** Not in journals of versions that did not measure them. */
  readonly intervals?: readonly Interval[];
  /** The template for what was learned; not there: it has none. */
  readonly lessons?: LessonsTemplate;
  readonly criteria: readonly { readonly text: string; readonly lines: Lines }[];
}

export interface RecoveredRule {
  readonly probes: readonly string[];
  readonly holdMs: number;
  readonly successRatio: number;
  readonly latencyMs: number | null;
}

export type PlannedStage =
  | { readonly kind: 'inject'; readonly fault: string }
  | PlannedProcedure
  | PlannedUntil
  | { readonly kind: 'heal'; readonly fault: 'all' | string }
  | { readonly kind: 'return'; readonly target: string }
  | { readonly kind: 'rejoin'; readonly target: string };

export interface PlannedUntil {
  readonly kind: 'until';
  /** Several conditions: all of them at the same time. */
  readonly condition: 'recovered' | Condition | readonly Condition[];
  readonly withinMs: number;
  /** The mark that the begin of what is waited for becomes. */
  readonly as?: string;
  /** Every probe of the conditions must have answered well in that time before the mark, or what ended had ended by itself. */
  readonly provedBy?: { readonly healthyWithinMs: number; readonly before: string };
}

export interface PlannedProcedure {
  readonly kind: 'procedure';
  readonly name: string;
  readonly failback: boolean;
  /** The procedure that asked the same questions before the fault. */
  readonly comparedWith?: string;
  readonly section: readonly string[];
  /** Budgets of the section's numbered phases. */
  readonly phases: readonly {
    readonly ordinal: number;
    readonly name: string;
    readonly budget: { readonly fromMs: number; readonly toMs: number } | null;
  }[];
  /** Every step of the section in document order: what runs, what is left undone, what is left out and why. */
  readonly steps: readonly PlannedStep[];
}

interface PlannedStepBase {
  readonly timeoutMs: number;
  readonly peopleMs: number;
  readonly verify: readonly Verification[];
}

export type PlannedStep =
  | (PlannedStepBase & {
      readonly do: 'run';
      readonly step: CommandStep;
      readonly bind: { readonly [name: string]: string };
      readonly capture: { readonly [name: string]: string };
      /** Exit code with which it works, as written and corrected; absent = 0. */
      readonly exits?: number;
      readonly correction: { readonly command: string; readonly reason: string } | null;
      readonly platformDiffers: string | null;
      /** Role, component or instance in which it runs; absent = in the toolbox. */
      readonly on?: string;
    })
  | (PlannedStepBase & { readonly do: 'perform'; readonly step: ManualStep; readonly command: string })
  /** A person is asked in an interactive run; otherwise it stays undone. */
  | (PlannedStepBase & { readonly do: 'prompt'; readonly step: ManualStep })
  | { readonly do: 'leave-out'; readonly step: CommandStep | QueryStep; readonly reason: string };

export type Objective =
  | { readonly kind: 'time'; readonly from: string; readonly until: string; readonly targetMs: number }
  | {
      readonly kind: 'loss';
      readonly ledger: string;
      readonly lostAtMostMs: number;
      readonly writesAtMost: number | null;
    }
  | { readonly kind: 'availability'; readonly probe: string; readonly atLeast: number };
