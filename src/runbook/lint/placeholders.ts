import type { CommandStep, Placeholder } from '../runbook.ts';
import type { LintContext, LintFinding, LintRule } from './finding.ts';

/** A placeholder makes a command fail, or worse: bash takes `<name>` for a redirection. */
export const placeholdersInCommands: LintRule = (context): LintFinding[] =>
  commandsOf(context).flatMap((step) =>
    step.placeholders.map((placeholder) => inCommand(step, placeholder, context)),
  );

function inCommand(step: CommandStep, placeholder: Placeholder, { options }: LintContext): LintFinding {
  const { text, line } = placeholder;
  const said = text.startsWith('<') ? (options.syntax?.(step.text) ?? null) : null;
  const why = said === null ? consequence(text) : `bash rejects it as written (${firstLine(said)})`;
  return {
    rule: 'placeholder-in-command',
    severity: 'error',
    message: `${text} has to be filled in first: ${why}`,
    lines: { from: line, to: line },
    instead: insteadOf(placeholder),
  };
}

function consequence(text: string): string {
  if (text.startsWith('<')) return 'bash reads a file of that name and writes to the word after it';
  if (text.startsWith('$')) return 'nothing in this fence sets it, so it is empty';
  return 'it is passed on as it stands';
}

function insteadOf({ text, name }: Placeholder): string {
  const variable = name.replace(/\W+/g, '_').replace(/^_|_$/g, '').toUpperCase();
  return text.startsWith('$')
    ? `say which command prints it, and set it in the same fence: ${name}=…`
    : `"$${variable}", with a line above that sets it: ${variable}=…`;
}

/** Templates and blanks left in the text: whoever reads it in an emergency cannot know what was meant. */
export const placeholdersInText: LintRule = (context): LintFinding[] => {
  const inCommands = new Set(commandsOf(context).flatMap(({ placeholders }) => placeholders.map(keyOf)));
  const review = context.runbook.metadata.nextReview;
  const isReview = ({ line }: Placeholder) => review?.value === null && line === review.lines.from;
  return context.runbook.placeholders
    .filter((placeholder) => !inCommands.has(keyOf(placeholder)) && !isReview(placeholder))
    .map(({ text, line }) => ({
      rule: 'placeholder-in-text',
      severity: 'warning',
      message: `${text} was never filled in`,
      lines: { from: line, to: line },
      instead: 'the value itself, or where to find it',
    }));
};

function commandsOf({ runbook }: LintContext): CommandStep[] {
  return runbook.sections.flatMap(({ steps }) => steps.filter((step) => step.kind === 'command'));
}

function keyOf({ text, line }: Placeholder): string {
  return `${line} ${text}`;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
