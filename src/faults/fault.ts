import type { FaultSpec } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';

/**
 * The JSON record of one fault: journaled before it acts, and enough for any process to heal it.
 */
export interface Injection {
  /** The fault's name in the scenario. */
  readonly id: string;
  readonly spec: FaultSpec;
  /** What the target meant when it was resolved. */
  readonly instance: string;
  /** Processes meant, by pid and start time; empty for faults that mean none. */
  readonly processes: readonly { readonly pid: number; readonly pidStart: string }[];
  /** What else is needed to heal it, such as what a limit was before. */
  readonly details?: { readonly [name: string]: string | number | boolean | null };
}

/** All four are idempotent and work from another process than the one that injected. */
export interface Fault<S extends FaultSpec = FaultSpec> {
  readonly kind: S['fault'];
  /** Resolves the target. Changes nothing. @throws FaultError when there is nothing to break */
  prepare(running: Running, id: string, spec: S): Promise<Injection>;
  inject(running: Running, injection: Injection): Promise<void>;
  /** Releases the fault. Never starts a component that recovery superseded. */
  heal(running: Running, injection: Injection): Promise<void>;
  status(running: Running, injection: Injection): Promise<FaultStatus>;
}

export class FaultError extends Error {
  override readonly name = 'FaultError';
}
