import type { Runbook } from '../runbook.ts';
import { awsAsynchronous, hardCodedDates } from './cloud.ts';
import { curlGlobs, curlHidesErrors, unquotedQuestionMark } from './curl.ts';
import type { LintContext, LintFinding, LintOptions, LintRule } from './finding.ts';
import {
  appliesFolder,
  contextStays,
  grepNotRunning,
  patchesConfigMap,
  patchesList,
  scalesByHand,
  undoToggles,
  waitsAfterApply,
} from './kubernetes.ts';
import { twoNames } from './names.ts';
import { bypassesPatroni, patroniProgram, removedMasterOption, switchoverWithoutLeader } from './patroni.ts';
import { placeholdersInCommands, placeholdersInText } from './placeholders.ts';
import { walDumpOfFolder } from './postgres.ts';
import { reviewDate } from './review.ts';
import { shellSyntax } from './syntax.ts';
import { usesOf } from './uses.ts';

const rules: readonly LintRule[] = [
  reviewDate,
  placeholdersInCommands,
  placeholdersInText,
  shellSyntax,
  twoNames,
  patroniProgram,
  removedMasterOption,
  switchoverWithoutLeader,
  bypassesPatroni,
  walDumpOfFolder,
  grepNotRunning,
  patchesConfigMap,
  patchesList,
  scalesByHand,
  waitsAfterApply,
  undoToggles,
  appliesFolder,
  contextStays,
  curlGlobs,
  unquotedQuestionMark,
  curlHidesErrors,
  awsAsynchronous,
  hardCodedDates,
];

/** What in a runbook does not work as written (`error`) or misleads (`warning`), by line. `text` is what it was parsed from. */
export function lintRunbook(runbook: Runbook, text: string, options: LintOptions): LintFinding[] {
  const context: LintContext = { runbook, text, options, uses: usesOf(runbook) };
  return rules
    .flatMap((rule) => rule(context))
    .sort((a, b) => a.lines.from - b.lines.from || a.lines.to - b.lines.to);
}
