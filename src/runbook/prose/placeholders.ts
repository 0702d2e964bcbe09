import type { SourceLine } from '../markdown/block.ts';
import type { Placeholder } from '../runbook.ts';
import { type Found, variablesUsed } from './variables.ts';

/**
 * In a command `[…]` may be a test or JSON and `$VAR` is a variable, unless the same fence sets it; in a query and in
 * other code `$` belongs to the language; in prose `[…]` is something to fill in.
 */
export type PlaceholderContext =
  | { readonly kind: 'command'; readonly set: ReadonlySet<string> }
  | { readonly kind: 'query' | 'prose' };

export const prose: PlaceholderContext = { kind: 'prose' };

const angle = /<([a-z](?:[^<>\n&|;"$=()`]{0,58}[\w.'…*-])?)>/gi;
const htmlTags = new Set(
  `a abbr b big blockquote br center code dd del details div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre
  q s samp small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var video xml html body head`.split(
    /\s+/,
  ),
);
const braces = /\{\{-?\s*([^{}\n]{1,80}?)\s*-?\}\}/g;
/** What stands in a Go template, as `--format '{{.Names}}'` and `-o go-template` take it: code, nothing to fill in. */
const goTemplate =
  /^(?:[.$]|(?:range|end|if|else|with|index|json|printf|println|len|template|define|block)\b)/;
const square = /(?<![\w\]!\\$])\[([^[\]\n]{2,120})\](?![[(:])/g;
const upperSquare = /(?<=^|[\s="'/:])\[([A-Z][A-Z0-9 _-]{2,40})\](?=$|[\s"',/:])/g;
const dates =
  /(?<![A-Za-z])(?:YYYY[-_/]?MM[-_/]?DD(?:[-_T]?HH:?MM(?::?SS)?)?|DD[-/.]MM[-/.]YYYY|MM[-/.]DD[-/.]YYYY)(?![A-Za-z])/g;
const phones = /(?<![\w-])(?:\+?\d{1,3}[- ])?\(?[Xx]{3}\)?[- .][Xx]{3}[- .][Xx]{4}(?![\w-])/g;
/** The placeholders of a line, from left to right. */
export function placeholdersOf({ text, line }: SourceLine, context: PlaceholderContext): Placeholder[] {
  if (!/[<[{$]|YYYY|[Xx]{3}/.test(text)) return [];
  const found = [...general(text), ...(context.kind === 'prose' ? fillIns(text) : capitals(text))];
  if (context.kind === 'command' && text.includes('$')) {
    for (const variable of variablesUsed(text)) if (!context.set.has(variable.name)) found.push(variable);
  }
  return found.sort((a, b) => a.at - b.at).map(({ all, name }) => ({ text: all, name, line }));
}

function general(text: string): Found[] {
  const closed = new Set([...text.matchAll(/<\/([\w-]{1,60})>/g)].map(([, tag = '']) => tag));
  return [
    ...matches(text, angle).filter(({ name }) => !isMarkup(name, closed)),
    ...(text.includes('{{') ? matches(text, braces).filter(({ name }) => !goTemplate.test(name)) : []),
    ...(text.includes('YYYY') ? matches(text, dates) : []),
    ...(/xxx/i.test(text) ? matches(text, phones) : []),
  ];
}

function fillIns(text: string): Found[] {
  return text.includes('[') ? matches(text, square).filter(({ name }) => isFillIn(name)) : [];
}

function capitals(text: string): Found[] {
  return text.includes('[') ? matches(text, upperSquare) : [];
}

function matches(text: string, pattern: RegExp): Found[] {
  return [...text.matchAll(pattern)].map(({ 0: all, 1: inner, index }) => ({
    at: index,
    all,
    name: inner ?? all,
  }));
}

/** HTML, an address in angle brackets, or an XML element that the same line closes. */
function isMarkup(inner: string, closed: ReadonlySet<string>): boolean {
  const tag = /^[\w-]+/.exec(inner)?.[0] ?? '';
  if (htmlTags.has(tag.toLowerCase()) && /^[\w-]+\s*\/?$|^[\w-]+\s+[\w-]+=/.test(inner)) return true;
  if (/^[a-z][a-z0-9+.-]*:\/\/|^mailto:|^[^\s@]+@[^\s@]+\.\w+$/i.test(inner)) return true;
  return closed.has(tag);
}

/** `[DATE]`, `[List positive aspects]`, `[your-region]`; not `[x]`, `[^1]`, `[!NOTE]`, `[1]`. */
function isFillIn(inner: string): boolean {
  if (/^[A-Z][A-Za-z0-9 ,.'’/&_-]+$/.test(inner)) return true;
  return /^(?:your|insert|name|enter|add)[\s_-]|^[a-z]+(?:[-_][a-z]+)+$/i.test(inner);
}
