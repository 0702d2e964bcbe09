import type { Plan } from '../definition/plan.ts';
import type { EnvironmentRecord } from '../environments/environment.ts';
import type { Injection } from '../faults/fault.ts';
import type { MeasuringMark } from './measuring-marks.ts';
import type { ReadIdsEvent, ReserveEvent, SlotEvent, WriteEvent } from './observations.ts';
import type { Attempt, HealthAnswer, NotRunWhy, StepResult } from './step-marks.ts';

/**
 * Nanoseconds since the run's origin on the monotonic clock, as a number: exact for 104 days (2^53 ns).
 * Every `…Ns` of a journal is one of these.
 */
export type Ns = number;

export type { ReadWhy } from './measuring-marks.ts';
export type * from './observations.ts';
export type * from './step-marks.ts';

/** Version of the journal's format; a reader refuses a newer one. */
export const journalVersion = 1;

/** The first line of every journal: what was going to happen. */
export interface PlanEvent {
  readonly type: 'plan';
  readonly atNs: Ns;
  readonly journalVersion: number;
  readonly runId: string;
  /** Wall clock at the origin, ISO 8601. A label: nothing is computed from it. */
  readonly startedAt: string;
  readonly harness: {
    readonly version: string;
    readonly node: string;
    readonly os: string;
    readonly pid: number;
    readonly pidStart: string;
  };
  /** Flags of the command line that the plan does not show, as a shell takes them: `--platform`, `mine.yaml`, `--keep`. */
  readonly options?: readonly string[];
  readonly plan: Plan;
}

export type PhaseName = 'provision' | 'steady' | 'stages' | 'settle' | 'teardown';

interface At {
  readonly atNs: Ns;
}

/** Everything except slots, writes and read-back, which a Timeline keeps in columns. */
export type MarkEvent = At &
  (
    | { readonly type: 'phase.start' | 'phase.end'; readonly phase: PhaseName }
    /** `stage` is the index into `plan.stages`. */
    | { readonly type: 'stage.start'; readonly stage: number }
    | {
        readonly type: 'stage.end';
        readonly stage: number;
        readonly outcome: 'done' | 'timeout' | 'error' | 'aborted';
      }
    /** Written and synced before the environment creates anything: enough for `down` from another process. */
    | { readonly type: 'environment'; readonly record: EnvironmentRecord }
    | {
        readonly type: 'environment.down';
        readonly leftovers: readonly string[];
        /** Taking it down could not be done or not be looked at: `leftovers` says why, and what there still is nobody knows. */
        readonly unseen?: true;
      }
    | {
        readonly type: 'component.started';
        readonly component: string;
        /** The instance within the component, e.g. `db-primary` of `state-store`. */
        readonly instance: string;
        readonly pid: number;
        /** Start time as the kernel counts it (clock ticks since boot), to tell a reused pid. */
        readonly pidStart: string;
        readonly address: string;
      }
    | {
        readonly type: 'component.exited';
        readonly component: string;
        readonly instance: string;
        readonly pid: number;
        readonly code: number | null;
        readonly signal: string | null;
      }
    /** A warm cluster could not be used as it was, and was made anew. */
    | { readonly type: 'cluster.renewed'; readonly cluster: string; readonly reasons: readonly string[] }
    | {
        readonly type: 'role.resolved';
        readonly role: string;
        readonly instance: string;
        readonly address: string;
        readonly why: string;
      }
    | { readonly type: 'steady.met' }
    | { readonly type: 'steady.timeout'; readonly reason: string }
    /** Synced before the fault acts. */
    | { readonly type: 'fault.prepared'; readonly injection: Injection }
    /** Synced before the fault acts; the *before* of the injection's interval. */
    | { readonly type: 'fault.injecting'; readonly injection: string }
    /** The *after* of the injection's interval. */
    | { readonly type: 'fault.injected'; readonly injection: string }
    | { readonly type: 'fault.failed'; readonly injection: string; readonly message: string }
    | {
        readonly type: 'fault.status';
        readonly injection: string;
        readonly status: FaultStatus;
        readonly when: 'before-procedure' | 'after-heal' | 'at-end';
      }
    | { readonly type: 'fault.healing'; readonly injection: string }
    | {
        readonly type: 'fault.healed';
        readonly injection: string;
        readonly status: FaultStatus;
        readonly by: 'run' | 'heal-command';
      }
    | { readonly type: 'fault.heal-failed'; readonly injection: string; readonly message: string }
    /** A symptom, detection or `until` condition began to be watched / held for the first time / did not in time. */
    | { readonly type: 'condition.watch'; readonly condition: string; readonly purpose: ConditionPurpose }
    | {
        readonly type: 'condition.met';
        readonly condition: string;
        readonly purpose: ConditionPurpose;
        readonly sinceNs: Ns;
      }
    | {
        readonly type: 'condition.timeout';
        readonly condition: string;
        readonly purpose: ConditionPurpose;
        readonly observed: string;
      }
    | { readonly type: 'procedure.start' | 'procedure.end'; readonly procedure: string }
    /** `attempt`: the runbook's own text, or the drill's correction of it. */
    | {
        readonly type: 'step.start';
        readonly step: string;
        readonly procedure: string;
        readonly attempt: Attempt;
        readonly command: string | null;
      }
    | {
        readonly type: 'step.end';
        readonly step: string;
        readonly procedure: string;
        readonly attempt: Attempt;
        readonly result: StepResult;
      }
    | {
        readonly type: 'step.verified';
        readonly step: string;
        readonly procedure: string;
        readonly attempt: Attempt;
        readonly ok: boolean;
        readonly check: string;
        readonly observed: string;
      }
    | {
        readonly type: 'step.not-run';
        readonly step: string;
        readonly procedure: string;
        readonly reason: string;
        readonly why: NotRunWhy;
      }
    | {
        readonly type: 'step.manual';
        readonly step: string;
        readonly procedure: string;
        readonly by: 'operator';
        readonly answer: 'done' | 'skipped' | 'failed';
        readonly note: string;
      }
    | ({ readonly type: 'health-check' } & HealthAnswer)
    | {
        readonly type: 'criterion';
        readonly criterion: string;
        readonly ok: boolean | null;
        readonly observed: string;
      }
    /** A superseded database is back as it was left, for clients to read. */
    | { readonly type: 'returned'; readonly component: string; readonly instance: string }
    | {
        readonly type: 'rejoined';
        readonly component: string;
        readonly instance: string;
        readonly how: string;
      }
    | {
        readonly type: 'rejoin.failed';
        readonly component: string;
        readonly instance: string;
        readonly message: string;
      }
    | MeasuringMark
    | { readonly type: 'interrupted'; readonly reason: string }
    | { readonly type: 'error'; readonly where: string; readonly message: string }
    | { readonly type: 'run.end' }
  );

export type FaultStatus = 'active' | 'gone' | 'superseded' | 'unknown';
export type ConditionPurpose = 'symptom' | 'detection' | 'until' | 'steady';

export type JournalEvent = PlanEvent | MarkEvent | SlotEvent | ReserveEvent | WriteEvent | ReadIdsEvent;

/** Types that are fsynced before anything that depends on them happens. */
export const syncedTypes: ReadonlySet<JournalEvent['type']> = new Set([
  'plan',
  'environment',
  'component.started',
  'fault.prepared',
  'fault.injecting',
  'fault.injected',
  'fault.healed',
  'ledger.reserved',
  'environment.down',
  'run.end',
] as const);
