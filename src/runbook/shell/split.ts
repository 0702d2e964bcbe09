import type { SourceLine } from '../markdown/block.ts';
import type { Lines } from '../runbook.ts';
import { ShellScanner } from './scanner.ts';

/** A command of a fence with the comment that stands above it. */
export interface FoundCommand {
  readonly text: string;
  readonly comment: string | null;
  readonly lines: Lines;
}

/** A command is looked for within this many lines; past it, its first line is taken to be broken. */
const longestCommand = 400;
/** So many broken commands in one fence end the search for complete ones: hostile input stays linear. */
const mostBroken = 25;

/**
 * The commands of a shell fence, each whole. Every line that is neither blank nor a comment is in exactly one of them.
 * A command that never ends (an apostrophe too many, `if` without `fi`) is its first line alone.
 */
export function splitShell(content: readonly SourceLine[]): FoundCommand[] {
  const commands: FoundCommand[] = [];
  let comments: string[] = [];
  let commentUsed = false;
  let broken = 0;
  for (let i = 0; i < content.length; ) {
    const line = content[i]?.text ?? '';
    const comment = /^\s*#+!?\s*(.*?)\s*$/.exec(line);
    if (line.trim() === '' || (comment !== null && commentUsed)) {
      comments = [];
      commentUsed = false;
    }
    if (line.trim() === '' || comment !== null) {
      if (comment?.[1]) comments.push(comment[1]);
      i++;
      continue;
    }
    const end = broken < mostBroken ? commandEnd(content, i) : null;
    if (end === null) broken++;
    const part = content.slice(i, (end ?? logicalLineEnd(content, i)) + 1);
    commands.push(found(part, comments));
    commentUsed = true;
    i += part.length;
  }
  return commands;
}

function found(part: readonly SourceLine[], comments: readonly string[]): FoundCommand {
  const first = part[0]?.line ?? 1;
  return {
    text: part
      .map(({ text }) => text)
      .join('\n')
      .trim(),
    comment: comments.length === 0 ? null : comments.join('; '),
    lines: { from: first, to: part.at(-1)?.line ?? first },
  };
}

/** Index of the last line of the command that begins at `start`, or null when it does not end. */
function commandEnd(content: readonly SourceLine[], start: number): number | null {
  const scanner = new ShellScanner();
  const limit = Math.min(content.length, start + longestCommand);
  for (let i = start; i < limit; i++) {
    scanner.feed(content[i]?.text ?? '');
    if (scanner.complete) return i;
  }
  return null;
}

/** A line with those that its trailing backslashes join to it. */
function logicalLineEnd(content: readonly SourceLine[], start: number): number {
  let end = start;
  while (end < content.length - 1 && /(?<!\\)(?:\\\\)*\\$/.test(content[end]?.text ?? '')) end++;
  return end;
}
