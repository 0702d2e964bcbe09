import type { Status } from '../checkers/checker.ts';

export const exitCodes = { pass: 0, fail: 1, inconclusive: 2, wrong: 3, refused: 4 } as const;

export function exitCodeOf(status: Status): number {
  return exitCodes[status];
}

/** What a person typed or wrote is wrong: a sentence and exit 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Errors whose message is written for the person at the terminal. */
const spoken = new Set([
  'UsageError',
  'InvalidDefinitionError',
  'ProjectError',
  'EnvironmentError',
  'JournalError',
  'JournalWriteError',
  'FaultError',
  'HealError',
  'TargetRefusedError',
]);

/** Codes of the system that a person can do something about. */
const systemTodo: { readonly [code: string]: string } = {
  EACCES: 'Give this account the permission, or name another folder.',
  EROFS: 'The file system is read-only: name another folder.',
  ENOSPC: 'The disk is full: make room, or name a folder on another disk.',
  ENOENT: 'Check the name.',
  ENOTDIR: 'A part of the path is a file: check the name.',
  EISDIR: 'That is a folder: name a file.',
};

/**
 * Says what happened, once, without a stack.
 * @returns the exit code
 */
export function printError(error: unknown): number {
  const known = error instanceof Error ? error : new Error(String(error));
  const code = (known as NodeJS.ErrnoException).code ?? '';
  const todo = systemTodo[code];
  if (spoken.has(known.name)) say(known.message);
  else if (todo !== undefined) say(`${known.message}\n${todo}`);
  else {
    say(
      `${known.message}\nThis is a defect of drillbook, not yours: please report it. DRILLBOOK_DEBUG=1 shows where it happened.`,
    );
    if (process.env.DRILLBOOK_DEBUG === '1') process.stderr.write(`${known.stack ?? ''}\n`);
  }
  return known.name === 'TargetRefusedError' ? exitCodes.refused : exitCodes.wrong;
}

function say(text: string): void {
  process.stderr.write(`drillbook: ${text}\n`);
}
