import type { CommandStep } from '../runbook/runbook.ts';
import { wordPattern } from './binding.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { nearest } from './nearest.ts';
import { quote, quoteList } from './quote.ts';
import type { Path, Source } from './source.ts';

interface Bindings {
  readonly bind?: { readonly [name: string]: string } | undefined;
  readonly capture?: { readonly [variable: string]: string } | undefined;
}

/** Every binding must have a place in the command, every captured value an earlier step that captures it. */
export function checkBindings(
  at: { readonly source: Source; readonly path: Path },
  spec: Bindings,
  step: CommandStep,
  captured: ReadonlySet<string>,
): readonly DefinitionError[] {
  const { source, path } = at;
  return [
    ...Object.entries(spec.bind ?? {}).flatMap(([name, value]) => {
      const bindPath = [...path, 'bind', name];
      return [
        ...checkPlace(source, bindPath, name, step),
        ...checkCaptured(source, bindPath, value, captured),
      ];
    }),
    ...Object.entries(spec.capture ?? {}).flatMap(([variable, text]) =>
      checkExpression(source, [...path, 'capture', variable], variable, text),
    ),
  ];
}

function checkPlace(
  source: Source,
  path: Path,
  name: string,
  { text, placeholders, lines }: CommandStep,
): readonly DefinitionError[] {
  if (placeholders.some((placeholder) => placeholder.name === name) || hasWord(text, name)) return [];
  const names = placeholders.map((placeholder) => placeholder.name);
  const suggestion = nearest(name, [...names, ...(text.match(/[\w-]+/g) ?? [])]);
  const others = suggestion === null && names.length > 0 ? `; its placeholders are ${quoteList(names)}` : '';
  const message = `${quote(name)} is neither a placeholder nor a word of the command at line ${lines.from}${others}`;
  return [definitionError(source.at(path, 'key'), message, suggestion)];
}

const hasWord = (text: string, word: string): boolean => word !== '' && wordPattern(word).test(text);

function checkCaptured(
  source: Source,
  path: Path,
  value: string,
  captured: ReadonlySet<string>,
): readonly DefinitionError[] {
  return [...value.matchAll(/\$\{captured\.([^}]*)\}/g)].flatMap(([whole, name = '']) => {
    if (captured.has(name)) return [];
    const message = `no step before this one captures ${quote(name)}, which ${quote(whole)} stands for`;
    return [definitionError(source.at(path), message, nearest(name, captured))];
  });
}

function checkExpression(
  source: Source,
  path: Path,
  variable: string,
  text: string,
): readonly DefinitionError[] {
  if (!/^[\w-]+$/.test(variable))
    return [
      definitionError(
        source.at(path, 'key'),
        `${quote(variable)} is no name for a captured value; expected letters, digits, "_" and "-"`,
      ),
    ];
  const groups = groupsOf(text);
  if (groups === null) return [definitionError(source.at(path), `${quote(text)} is no regular expression`)];
  return groups === 1
    ? []
    : [
        definitionError(
          source.at(path),
          `${quote(text)} has ${groups} groups; expected exactly one, around what is captured`,
        ),
      ];
}

/** How many capturing groups an expression has: an alternative that matches nothing shows them all. */
function groupsOf(expression: string): number | null {
  try {
    const { source } = new RegExp(expression, 'm');
    return (new RegExp(`${source}|`).exec('')?.length ?? 1) - 1;
  } catch {
    return null;
  }
}
