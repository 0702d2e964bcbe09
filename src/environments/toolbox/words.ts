/**
 * The programs a command's text calls by a plain word, as far as they can be told without running it: the first word of
 * each simple command. Leaves out whatever the text itself defines, looks for (`command -v jq`) or falls back to
 * (`a || b`), and stops where words cannot be told any more (`eval`, `source`, `case`). A guess to ask bash about, no parser:
 * better to miss a program than to keep a command from running.
 */
export function calledPrograms(text: string): readonly string[] {
  // What is found then is not what is found now.
  if (/\bPATH\+?=/.test(text)) return [];
  const programs = new Set<string>();
  let at: State = { expects: 'command', fallback: false };
  for (const token of tokens(beforeArithmetic(withoutHereDocuments(text)))) {
    if (token.kind === 'word' && opaque.has(token.text) && at.expects === 'command') break;
    if (token.kind === 'word' && at.expects === 'command' && isProgram(token.text) && !at.fallback)
      programs.add(token.text);
    at = next(at, token);
  }
  return [...programs].filter((name) => !isDefinedIn(text, name) && !isLookedForIn(text, name));
}

/** Every plain word of a text, to find host names in. */
export function plainWords(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\w.-]+/g) ?? []);
}

type Token = { readonly kind: 'word' | 'separator'; readonly text: string };
interface State {
  /** What the next word is: a program, an argument, or an argument before a program (`timeout 5 psql`). */
  readonly expects: 'command' | 'argument' | 'leading-argument';
  /** After `||`: may be missing. */
  readonly fallback: boolean;
}

/** Words after which another command begins. */
const leading = new Set([
  'if',
  'then',
  'elif',
  'else',
  'while',
  'until',
  'do',
  '!',
  '{',
  'time',
  'nohup',
  'exec',
  'command',
  'env',
]);
const opaque = new Set(['case', 'eval', 'source', '.', 'alias', 'shopt', 'enable', '[[']);
/** Words that take names, not commands. */
const naming = new Set(['for', 'select', 'function']);
const closing = new Set(['fi', 'done', 'esac', '}']);
const assignment = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;
const programName = /^[A-Za-z][\w.+-]*$/;

function isProgram(word: string): boolean {
  return programName.test(word) && !leading.has(word) && !closing.has(word) && !naming.has(word);
}

function next(state: State, token: Token): State {
  if (token.kind === 'separator') return { expects: 'command', fallback: token.text === '||' };
  if (state.expects === 'leading-argument') return { ...state, expects: 'command' };
  if (state.expects === 'argument') return state;
  if (token.text === 'timeout') return { ...state, expects: 'leading-argument' };
  if (leading.has(token.text) || assignment.test(token.text) || isRedirection(token.text)) return state;
  return { ...state, expects: 'argument' };
}

function isRedirection(word: string): boolean {
  return /^\d*(?:[<>]|&>)/.test(word);
}

const separator = /\|\||&&|;;|\|&|&(?!>)|[;|\n()]/;
/** What a word is made of; quoted parts and substitutions stay inside it. */
const wordPart = [
  /[^\s;&|()'"\\`<>]/,
  /\\[\s\S]/,
  /'[^']*'/,
  /"(?:[^"\\]|\\[\s\S])*"/,
  /`[^`]*`/,
  /\$\((?:[^()]|\([^()]*\))*\)/,
  // A list's values.
  /(?<==)\([^()]*\)/,
];
const redirection = /\d*(?:&>>?|[<>]+[&|]?)[ \t]*/;
const sources = { part: wordPart.map(({ source }) => source).join('|'), redirection: redirection.source };
const tokenParts = [
  /\\\n|#[^\n]*/.source,
  separator.source,
  `(?:${sources.redirection})?(?:${sources.part})+`,
  // What stands alone although it should not: an unfinished quote, a redirection to nowhere.
  /[<>]+|['"`\\]/.source,
];
const token = new RegExp(tokenParts.join('|'), 'g');
const wholeSeparator = new RegExp(`^(?:${separator.source})$`);

function* tokens(text: string): Generator<Token> {
  for (const [found] of text.matchAll(token)) {
    if (found === '\\\n' || found.startsWith('#')) continue;
    yield { kind: wholeSeparator.test(found) ? 'separator' : 'word', text: found };
  }
}

function withoutHereDocuments(text: string): string {
  const kept: string[] = [];
  const open: { readonly word: string; readonly tabs: boolean }[] = [];
  for (const line of text.split('\n')) {
    const [current] = open;
    if (current !== undefined) {
      if ((current.tabs ? line.replace(/^\t+/, '') : line) === current.word) open.shift();
      continue;
    }
    kept.push(line);
    for (const match of line.matchAll(/(?<!<)<<(-?)[ \t]*(['"\\]?)([\w.-]+)\2/g))
      open.push({ word: match[3] ?? '', tabs: match[1] === '-' });
  }
  return kept.join('\n');
}

/** What follows `((` is no command, and where it ends takes a parser. */
function beforeArithmetic(text: string): string {
  return text.split(/(?<!\$)\(\(/, 1)[0] ?? '';
}

function isDefinedIn(text: string, name: string): boolean {
  return new RegExp(`(?:^|[\\s;&|])${escaped(name)}[ \\t]*\\(\\)`).test(text);
}

function isLookedForIn(text: string, name: string): boolean {
  return new RegExp(
    `\\b(?:command[ \\t]+-[vV]|type|which|hash)[ \\t][^;&|\\n]*\\b${escaped(name)}(?![\\w-])`,
  ).test(text);
}

function escaped(name: string): string {
  return name.replace(/[.+]/g, '\\$&');
}
