import type { SourceLine } from '../markdown/block.ts';
import { variablesSet } from '../prose/variables.ts';
import { beginsWithPrompt, hasPrompt, readSession } from '../shell/console.ts';
import { looksLikeScript } from '../shell/programs.ts';
import { splitShell } from '../shell/split.ts';
import { splitPromql, splitSql } from '../shell/statements.ts';
import { type ChecklistReading, hasBoxes, readChecklist } from './checklist.ts';
import { commandDraft, type Place, queryDraft, type Shell } from './draft.ts';

export type FenceLanguage = 'shell' | 'console' | 'sql' | 'promql' | 'plain' | 'other';

const languages: { readonly [name: string]: FenceLanguage } = {
  ...named('shell', 'bash sh shell zsh ksh dash ash fish shellscript shell-script'),
  ...named('console', 'console shell-session shellsession sh-session bash-session terminal term cmdline'),
  ...named('sql', 'sql postgresql postgres pgsql plpgsql psql mysql mariadb sqlite'),
  ...named('promql', 'promql prometheus'),
  ...named('plain', 'text txt plain plaintext none nohighlight checklist'),
};

/** What a fence holds, by the first word after it: `bash`, `{.bash}`, `language-bash`, `bash{1,3}`, `Bash title="x"`. */
export function languageOf(info: string): FenceLanguage {
  const word = /^\{?\.?(?:language-|lang-)?([\w-]*)/i.exec(info.trim())?.[1]?.toLowerCase() ?? '';
  if (word === '') return 'plain';
  return Object.hasOwn(languages, word) ? (languages[word] ?? 'other') : 'other';
}

/** Steps of a fence. A language that is neither shell nor query (YAML, JSON, Python …) holds none. */
export function readFence(
  info: string,
  content: readonly SourceLine[],
  place: Place,
  firstOrdinal: number,
): ChecklistReading {
  const language = languageOf(info);
  if (language === 'other') return steps([]);
  const texts = content.map(({ text }) => text);
  const shell: Shell = { text: texts.join('\n'), set: variablesSet(texts) };
  const script = () => splitShell(content).map((found) => commandDraft(found, 'fence', shell, place));
  switch (language) {
    case 'shell':
      return steps(beginsWithPrompt(content) ? session(content, shell, place) : script());
    case 'console':
      if (hasPrompt(content)) return steps(session(content, shell, place));
      return steps(isScript(content) ? script() : []);
    case 'sql':
      return steps(splitSql(content).map((found) => queryDraft(found, 'sql', place)));
    case 'promql':
      return steps(splitPromql(content).map((found) => queryDraft(found, 'promql', place)));
    case 'plain':
      if (!hasBoxes(content)) {
        if (beginsWithPrompt(content)) return steps(session(content, shell, place));
        if (isScript(content)) return steps(script());
      }
      return readChecklist(content, shell, place, firstOrdinal);
  }
}

function session(content: readonly SourceLine[], shell: Shell, place: Place): ChecklistReading['steps'] {
  const { commands, statements } = readSession(content);
  return [
    ...commands.map((found) => commandDraft(found, 'prompt', shell, place)),
    ...statements.map((found) => queryDraft(found, 'sql', place)),
  ].sort((a, b) => a.lines.from - b.lines.from);
}

/** Whether lines without a language or prompt are a script: its first command looks like one, and most of the others do. */
function isScript(content: readonly SourceLine[]): boolean {
  const commands = splitShell(content);
  const [first] = commands;
  if (first === undefined || !looksLikeScript(first.text)) return false;
  const likely = commands.filter(({ text }) => looksLikeScript(text)).length;
  return likely * 2 > commands.length;
}

function steps(found: ChecklistReading['steps']): ChecklistReading {
  return { phases: [], steps: found };
}

function named(language: FenceLanguage, words: string): { readonly [name: string]: FenceLanguage } {
  return Object.fromEntries(words.split(' ').map((word) => [word, language]));
}
