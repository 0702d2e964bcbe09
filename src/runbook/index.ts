export type { LintFinding, LintOptions } from './lint/finding.ts';
export { lintRunbook } from './lint/lint.ts';
export { parseRunbook } from './parse.ts';
export type * from './runbook.ts';
export { stepsAsText } from './steps-as-text.ts';
