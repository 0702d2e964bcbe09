import type { SourceLine } from '../markdown/block.ts';
import type { Placeholder } from '../runbook.ts';

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
const phones = /(?<![\w-])(?:\+?\d{0,3}[- ])?\(?[Xx]{3}\)?[- .][Xx]{3}[- .][Xx]{4}(?![\w-])/g;
const variable = /(?<!\\)\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?\?[^}\n]{0,200})?\})/g;

/** Set by the shell or by every login; nobody has to fill them in. */
const shellVariables = new Set(
  `HOME PATH USER LOGNAME PWD OLDPWD SHELL HOSTNAME RANDOM SECONDS IFS LINENO BASH BASHPID EUID UID PPID OPTARG OPTIND REPLY
  PIPESTATUS FUNCNAME BASH_SOURCE TERM LANG LC_ALL EDITOR TMPDIR KUBECONFIG SHLVL TZ DISPLAY PS1 PS4`.split(
    /\s+/,
  ),
);

/** The placeholders of a line, from left to right. */
export function placeholdersOf({ text, line }: SourceLine, context: PlaceholderContext): Placeholder[] {
  if (!/[<[{$]|YYYY|[Xx]{3}/.test(text)) return [];
  const found: { at: number; placeholder: Placeholder }[] = [];
  const add = (pattern: RegExp, nameOf: (match: RegExpMatchArray) => string | null) => {
    for (const match of text.matchAll(pattern)) {
      const name = nameOf(match);
      if (name !== null) found.push({ at: match.index, placeholder: { text: match[0], name, line } });
    }
  };
  add(angle, ([all, inner = '']) => (isMarkup(inner, text) ? null : all === '' ? null : inner));
  add(braces, ([, inner = '']) => (goTemplate.test(inner) ? null : inner));
  add(dates, ([all]) => all);
  add(phones, ([all]) => all.trim());
  if (context.kind === 'prose') add(square, ([, inner = '']) => (isFillIn(inner) ? inner : null));
  else add(upperSquare, ([, inner = '']) => inner);
  if (context.kind === 'command' && text.includes('$')) {
    const hidden = singleQuoted(text);
    add(variable, (match) => {
      const name = match[1] ?? match[2] ?? '';
      const at = match.index ?? 0;
      const inQuotes = hidden.some(([from, to]) => at > from && at < to);
      return inQuotes || shellVariables.has(name) || context.set.has(name) ? null : name;
    });
  }
  return found.sort((a, b) => a.at - b.at).map(({ placeholder }) => placeholder);
}

/** Names that the lines of a fence set: assignments, `read`, `for … in`, `export`, `mapfile`. */
export function variablesSet(lines: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const line of lines) {
    if (!/=|\b(?:for|mapfile|readarray|read)\s/.test(line)) continue;
    for (const match of line.matchAll(
      /(?:^|[\s;&|(])(?:(?:export|local|declare|readonly|typeset)\s+(?:-\w+\s+)*)?([A-Za-z_]\w*)\+?=/g,
    )) {
      if (match[1] !== undefined) names.add(match[1]);
    }
    for (const match of line.matchAll(
      /\bfor\s+([A-Za-z_]\w*)\s+in\b|\b(?:mapfile|readarray)\s+(?:-\w+\s+)*([A-Za-z_]\w*)/g,
    )) {
      const name = match[1] ?? match[2];
      if (name !== undefined) names.add(name);
    }
    const read =
      /(?:^|[\s;&|(])read\s+((?:-\w+\s+(?:"[^"]*"\s+|'[^']*'\s+)?)*)([A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*)/.exec(
        line,
      );
    for (const name of read?.[2]?.split(/\s+/) ?? []) names.add(name);
  }
  return names;
}

/** HTML, an address in angle brackets, or an XML element that the same line closes. */
function isMarkup(inner: string, line: string): boolean {
  const tag = /^[\w-]+/.exec(inner)?.[0] ?? '';
  if (htmlTags.has(tag.toLowerCase()) && /^[\w-]+\s*\/?$|^[\w-]+\s+[\w-]+=/.test(inner)) return true;
  if (/^[a-z][a-z0-9+.-]*:\/\/|^mailto:|^[^\s@]+@[^\s@]+\.\w+$/i.test(inner)) return true;
  return tag !== '' && line.includes(`</${tag}>`);
}

/** `[DATE]`, `[List positive aspects]`, `[your-region]`; not `[x]`, `[^1]`, `[!NOTE]`, `[1]`. */
function isFillIn(inner: string): boolean {
  if (/^[A-Z][A-Za-z0-9 ,.'’/&_-]+$/.test(inner)) return true;
  return /^(?:your|insert|name|enter|add)[\s_-]|^[a-z]+(?:[-_][a-z]+)+$/i.test(inner);
}

function singleQuoted(text: string): [number, number][] {
  const spans: [number, number][] = [];
  let double = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '"') double = !double;
    else if (char === "'" && !double) {
      const end = text.indexOf("'", i + 1);
      if (end < 0) break;
      spans.push([i, end]);
      i = end;
    }
  }
  return spans;
}
