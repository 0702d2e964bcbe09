import type { Plan } from '../definition/plan.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { failingIn, planOf, runMarks, slotsOf, timelineOf } from '../timeline/testing.ts';
import type { Checker, Finding, Status } from './checker.ts';

/** The findings of one checker about a run, for tests. */
export function findingsOf(
  checker: Checker,
  events: readonly JournalEvent[],
  plan: Plan = planOf(),
): readonly Finding[] {
  return checker.check(timelineOf(plan, events), plan);
}

/** `rule: status` of each finding, in order. */
export function statuses(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, status }) => `${rule}: ${status}`);
}

/** The statuses of one rule's findings. */
export function statusOf(findings: readonly Finding[], rule: string): Status[] {
  return findings.filter((finding) => finding.rule === rule).map(({ status }) => status);
}

/** A run in which the API crashes at 5 s and is back at 8 s. */
export function outageRun(...failing: (readonly [number, number])[]): JournalEvent[] {
  const intervals = failing.length === 0 ? [[5000, 8000] as const] : failing;
  return [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: failingIn(...intervals) })];
}

/** The same events without the marks of some types. */
export function without(
  events: readonly JournalEvent[],
  ...types: readonly JournalEvent['type'][]
): JournalEvent[] {
  return events.filter((event) => !types.includes(event.type));
}
