import type { Plan } from '../definition/plan.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** `pass < inconclusive < fail`: the verdict is the worst. */
export type Status = 'pass' | 'inconclusive' | 'fail';

export const dimensions = ['validity', 'recovery', 'data', 'criteria', 'runbook', 'cleanup'] as const;
export type Dimension = (typeof dimensions)[number];

export interface Finding {
  readonly dimension: Dimension;
  readonly status: Status;
  /** Which rule found it, stable: `rto`, `rpo.lost`, `runbook.step`, … */
  readonly rule: string;
  /** One sentence for a person, with figures and units. Plain text: reporters escape it. */
  readonly message: string;
  /** Measured figures by name, units in the name (`rtoUpperMs`). */
  readonly figures?: { readonly [name: string]: number | string | boolean | null };
  /** Times of the events that show it, for the pictures and for reading the journal. */
  readonly evidenceNs?: readonly number[];
  /** Where in a runbook or definition it stands: `dr-playbook-cloud-mcp.md:146`. */
  readonly where?: string;
  /** What to do about it, or to write instead. */
  readonly todo?: string;
  /** Details too long for the message: names of lost writes, output of a command. Bounded by the checker. */
  readonly details?: readonly string[];
}

/** Pure. One that throws yields an `inconclusive` finding of its dimension. */
export interface Checker {
  readonly name: string;
  readonly dimension: Dimension;
  check(timeline: Timeline, plan: Plan): readonly Finding[];
}

export interface Verdict {
  readonly overall: Status;
  readonly dimensions: { readonly [D in Dimension]: Status };
}
