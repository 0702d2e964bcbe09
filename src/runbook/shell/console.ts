import type { SourceLine } from '../markdown/block.ts';
import { looksLikeCommand } from './programs.ts';
import { ShellScanner } from './scanner.ts';
import type { FoundCommand } from './split.ts';

/** `user@host:~$ `, `[root@db ~]# `, `(venv) $ `, `$ `: what stands before a typed line. */
const promptLine =
  /^\s*(\[[^\]\n]{1,60}\]\s?|\([\w.-]{1,40}\)\s?|[\w.-]{1,40}@[^\s$#%>]{1,80}(?: [^\s$#%>]{1,40})?\s?)?([$#%>❯➜])\s+(\S.*)$/u;
/** `postgres=# `, `mydb=> `, `redis:6379> `: the prompt of a client, whose input is no shell command. */
const clientLine = /^\s*([\w.:-]{1,40}?)([=-][#>]|>)\s+(\S.*)$/;

export interface Session {
  readonly commands: readonly FoundCommand[];
  /** Statements typed at a database client's prompt. */
  readonly statements: readonly FoundCommand[];
}

/** Whether a session was pasted here: some line begins with a prompt that cannot be a comment. */
export function hasPrompt(content: readonly SourceLine[]): boolean {
  return promptOf(content) !== null || content.some(({ text }) => clientLine.test(text));
}

/**
 * Whether the first line that is neither blank nor a comment begins with `$ ` or with user and host: a session, whatever
 * the fence's label says.
 */
export function beginsWithPrompt(content: readonly SourceLine[]): boolean {
  const first = content.find(({ text }) => text.trim() !== '' && !/^\s*#/.test(text));
  const [, host, char] = promptLine.exec(first?.text ?? '') ?? [];
  return host !== undefined || char === '$';
}

/** The commands typed in a pasted session. Lines without a prompt are output and are left out. */
export function readSession(content: readonly SourceLine[]): Session {
  const prompt = promptOf(content);
  const commands: FoundCommand[] = [];
  const statements: FoundCommand[] = [];
  let comment: string | null = null;
  for (let i = 0; i < content.length; ) {
    const line = content[i];
    if (line === undefined) break;
    const [, host, char, typed] = promptLine.exec(line.text) ?? [];
    const [, , , statement] = clientLine.exec(line.text) ?? [];
    let length = 1;
    if (typed !== undefined && (host !== undefined || char === prompt)) {
      const command = typedCommand(content, i, typed);
      const own = /^#+\s*(.*)$/.exec(command.text);
      if (own === null) commands.push({ ...command, comment });
      comment = own?.[1] ?? null;
      length = command.lines.to - command.lines.from + 1;
    } else if (statement !== undefined && /;\s*$/.test(statement)) {
      statements.push({ text: statement.trim(), comment, lines: { from: line.line, to: line.line } });
    } else comment = /^\s*#+\s*(.*)$/.exec(line.text)?.[1] ?? null;
    i += length;
  }
  return { commands, statements };
}

/** The prompt's last character. `# ` is one only where no `$ ` is and a command follows it: else it is a comment. */
function promptOf(content: readonly SourceLine[]): string | null {
  const seen = new Map<string, boolean>();
  for (const { text } of content) {
    const [, , char, typed] = promptLine.exec(text) ?? [];
    if (char !== undefined) seen.set(char, seen.get(char) === true || looksLikeCommand(typed ?? ''));
  }
  for (const char of ['$', '❯', '➜', '%']) if (seen.has(char)) return char;
  for (const char of ['#', '>']) if (seen.get(char) === true) return char;
  return null;
}

/** The command typed at a prompt with its continuation lines, their `> ` prompts removed. */
export function typedCommand(content: readonly SourceLine[], start: number, typed: string): FoundCommand {
  const scanner = new ShellScanner();
  const texts = [typed];
  scanner.feed(typed);
  const limit = Math.min(content.length, start + 100);
  for (let i = start + 1; !scanner.complete && i < limit; i++) {
    const text = content[i]?.text ?? '';
    if (/^\s*\$\s/.test(text)) break;
    const line = text.replace(/^\s*>(?: |$)/, '');
    texts.push(line);
    scanner.feed(line);
  }
  const whole = scanner.complete ? texts : texts.slice(0, continued(texts));
  const from = content[start]?.line ?? 1;
  return { text: whole.join('\n').trim(), comment: null, lines: { from, to: from + whole.length - 1 } };
}

/** Number of lines that belong together by their trailing backslashes alone. */
function continued(texts: readonly string[]): number {
  const last = texts.findIndex((text) => !text.endsWith('\\'));
  return last < 0 ? texts.length : last + 1;
}
