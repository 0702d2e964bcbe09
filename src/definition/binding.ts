import type { CommandStep } from '../runbook/runbook.ts';

export type Bound = { readonly text: string } | { readonly unbound: readonly string[] };

/**
 * The command with the drill's values in place of its placeholders (by name) and of literals that name an instance.
 * `${captured.NAME}` in a value is what an earlier step's output gave. Everything else stays verbatim.
 */
export function bindCommand(
  step: Pick<CommandStep, 'text' | 'placeholders'>,
  bind: { readonly [name: string]: string },
  captured: ReadonlyMap<string, string>,
): Bound {
  const unbound: string[] = [];
  let text = step.text;
  for (const [name, value] of Object.entries(bind)) {
    const filled = fillCaptured(value, captured, unbound);
    const written = step.placeholders.filter((placeholder) => placeholder.name === name).map((p) => p.text);
    text =
      written.length > 0
        ? written.reduce((t, w) => t.replaceAll(w, filled), text)
        : replaceWord(text, name, filled);
  }
  for (const { name, text: written } of step.placeholders) {
    if (!Object.hasOwn(bind, name) && text.includes(written)) unbound.push(written);
  }
  return unbound.length > 0 ? { unbound: [...new Set(unbound)] } : { text };
}

function fillCaptured(value: string, captured: ReadonlyMap<string, string>, unbound: string[]): string {
  return value.replaceAll(/\$\{captured\.([\w-]+)\}/g, (whole, name: string) => {
    const found = captured.get(name);
    if (found === undefined) unbound.push(whole);
    return found ?? whole;
  });
}

function replaceWord(text: string, literal: string, value: string): string {
  return text.replaceAll(wordPattern(literal), () => value);
}

/** A literal counts only where it stands alone: `replica-id` is not part of `replica-identifier` or `my-replica-id`. */
export function wordPattern(literal: string): RegExp {
  const escaped = literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'g');
}

/** What a step's output says for later steps: the first group of each expression, or of its whole match. */
export function captureValues(
  capture: { readonly [variable: string]: string },
  output: string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [variable, expression] of Object.entries(capture)) {
    const match = new RegExp(expression, 'm').exec(output);
    if (match !== null) found.set(variable, match[1] ?? match[0]);
  }
  return found;
}
