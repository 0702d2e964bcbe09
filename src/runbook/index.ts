export { type LintFinding, type LintOptions, lintRunbook } from './lint/lint.ts';
export { parseRunbook } from './parse.ts';
export type * from './runbook.ts';
export { stepsAsText } from './steps-as-text.ts';
