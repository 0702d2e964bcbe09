import type { CommandStep, Lines, Runbook } from '../runbook.ts';

/** One call of a program inside a command: a command line with a pipe holds several. */
export interface Use {
  readonly step: CommandStep;
  /** The program, past `sudo`, `env` and assignments. */
  readonly program: string;
  /** What follows the program, quotes removed. */
  readonly args: readonly string[];
  /** The same as written, quotes included. */
  readonly raw: readonly string[];
  readonly line: number;
  /** The operator in front of it: `|`, `&&`, `;` …; null for the first one of a command. */
  readonly after: string | null;
}

/** Every call of the runbook's commands, in document order. */
export function usesOf(runbook: Runbook): Use[] {
  const steps = runbook.sections.flatMap((section) => section.steps);
  return steps.flatMap((step) => (step.kind === 'command' ? usesInStep(step) : []));
}

export function linesOf(use: Use): Lines {
  return { from: use.line, to: use.line };
}

/** Whether a later call in the section of `uses[i]` is one that `wanted` accepts; the answer for all `i` in one pass. */
export function followedInSection(
  uses: readonly Use[],
  wanted: (use: Use) => boolean,
): (i: number) => boolean {
  const keys = uses.map(({ step }) => step.section.join('\n'));
  const last = new Map<string, number>();
  for (const [i, use] of uses.entries()) if (wanted(use)) last.set(keys[i] ?? '', i);
  return (i) => (last.get(keys[i] ?? '') ?? -1) > i;
}

/** Value of an option given as `--name value`, `--name=value` or `-nvalue`; null without it. */
export function option(use: Use, ...names: readonly string[]): string | null {
  for (const [i, arg] of use.args.entries()) {
    for (const name of names) {
      if (arg === name) return use.args[i + 1] ?? '';
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
      if (/^-\w$/.test(name) && arg.startsWith(name)) return arg.slice(2);
    }
  }
  return null;
}

/** Whether the first words after the program that are no options are these. */
export function calls(use: Use, program: string, ...words: readonly string[]): boolean {
  if (use.program !== program) return false;
  const plain = use.args.filter((arg) => !arg.startsWith('-'));
  return words.every((word, i) => plain[i] === word);
}

interface Token {
  readonly raw: string;
  readonly value: string;
  readonly line: number;
  readonly operator: boolean;
}

/** A lexer for what lint asks: words with their quotes, operators, and the line each one stands in. */
function tokens(text: string): Token[] {
  const found: Token[] = [];
  const pattern =
    /(\\\n|[ \t]+)|(#[^\n]*)|(\|\||&&|;;|\|&|[|;&\n()])|((?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|<[A-Za-z][^<>\n&|;"]{0,58}>|[^\s|;&()'"\\]|['"\\])+)/y;
  let line = 0;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) break;
    const [all, , , operator, word] = match;
    if (operator !== undefined) found.push({ raw: all, value: all, line, operator: true });
    else if (word !== undefined) found.push({ raw: word, value: unquoted(word), line, operator: false });
    line += all.split('\n').length - 1;
  }
  return found;
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g,
    (_, single, double, escaped) => single ?? double ?? escaped ?? '',
  );
}

function usesInStep(step: CommandStep): Use[] {
  const uses: Use[] = [];
  let words: Token[] = [];
  let after: string | null = null;
  const end = (operator: string | null) => {
    const use = useOf(step, words, after);
    if (use !== null) uses.push(use);
    words = [];
    after = operator;
  };
  for (const token of tokens(step.text)) {
    if (token.operator) end(token.value === '\n' ? ';' : token.value);
    else words.push(token);
  }
  end(null);
  return uses;
}

function useOf(step: CommandStep, words: readonly Token[], after: string | null): Use | null {
  let at = 0;
  while (at < words.length) {
    const value = words[at]?.value ?? '';
    if (/^(?:sudo|env|time|nohup|exec|then|do|else|if|while|until|!|\{)$/.test(value) || /^\w+=/.test(value))
      at += 1;
    else if (at > 0 && words[at - 1]?.value === 'sudo' && /^-[ugh]$/.test(value)) at += 2;
    else if (at > 0 && value.startsWith('-')) at += 1;
    else break;
  }
  const program = words[at];
  if (program === undefined) return null;
  const rest = words.slice(at + 1);
  const line = step.lines.from + program.line;
  const name = program.value.replace(/^.*\/(?=[^/]+$)/, '');
  return {
    step,
    program: name,
    args: rest.map(({ value }) => value),
    raw: rest.map(({ raw }) => raw),
    line,
    after,
  };
}
