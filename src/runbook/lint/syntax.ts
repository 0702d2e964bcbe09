import type { LintFinding, LintRule } from './finding.ts';

/** What `bash -n` rejects once placeholders are filled in; the placeholders themselves are another rule's. */
export const shellSyntax: LintRule = ({ runbook, options: { syntax } }): LintFinding[] => {
  if (syntax === undefined) return [];
  const steps = runbook.sections.flatMap((section) => section.steps);
  return steps.flatMap((step) => {
    if (step.kind !== 'command') return [];
    const filled = step.placeholders.reduce(
      (text, { text: placeholder }) => text.replaceAll(placeholder, 'x'),
      step.text,
    );
    const said = syntax(filled);
    if (said === null) return [];
    const message = `bash cannot read this command: ${said.trim().split('\n').at(0)}`;
    return [{ rule: 'shell-syntax', severity: 'error', message, lines: step.lines }];
  });
};
