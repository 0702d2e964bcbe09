/**
 * The library. The command line uses nothing else.
 *
 * openProject → planDrills → run → readJournal → judge → writeReports
 */

export type { Checker, Finding, Status, Verdict } from './checkers/checker.ts';
export { judge } from './checkers/judge.ts';
export {
  type DefinitionError,
  formatDefinitionError,
  InvalidDefinitionError,
} from './definition/definition-error.ts';
export { describePlan } from './definition/describe-plan.ts';
export { formatDuration, parseDuration } from './definition/duration.ts';
export { nearest } from './definition/nearest.ts';
export type { Plan } from './definition/plan.ts';
export { refuseTargets } from './environments/context/refusal.ts';
export type { Environment, Problem, Running } from './environments/environment.ts';
export { environmentOf, environments } from './environments/index.ts';
export { jsonSchemas } from './json-schemas.ts';
export { type LintWarning, toolWarnings } from './lint-tools.ts';
export { loadProblems } from './loads/check.ts';
export {
  type DrillEntry,
  lintDrills,
  listDrills,
  openProject,
  type ProjectOptions,
  planDrills,
} from './project.ts';
export { reporters } from './reporters/index.ts';
export { type Repeats, repeatsOf } from './reporters/repeats.ts';
export type { Judged, Reporter } from './reporters/reporter.ts';
export { verdictLines } from './reporters/terminal.ts';
export { type HealOutcome, healRun } from './run/heal.ts';
export { readJournal } from './run/read-journal.ts';
export { type RunOptions, type RunOutcome, run } from './run/run.ts';
export { lintRunbook, parseRunbook, stepsAsText } from './runbook/index.ts';
export { readTimeline } from './timeline/read.ts';
export type { Timeline } from './timeline/timeline.ts';
export { writeReports } from './write-reports.ts';
