import type { Finding, Verdict } from '../checkers/checker.ts';
import type { Plan } from '../definition/plan.ts';
import type { Timeline } from '../timeline/timeline.ts';

export interface Judged {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
}

export interface Reporter {
  readonly name: string;
  /** Writes its files into the folder; returns their names. */
  write(judged: Judged, directory: string): Promise<readonly string[]>;
}
