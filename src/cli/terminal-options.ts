import { relative } from 'node:path';
import type { TerminalOptions } from '../reporters/terminal.ts';

/** How the verdict is printed on this standard output: colour only where a person reads it and has not refused it. */
export function terminalOptions(reportDir: string): TerminalOptions {
  const { isTTY, columns } = process.stdout;
  const shown = relative(process.cwd(), reportDir);
  return {
    width: (isTTY && columns) || 100,
    color: isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    report: shown.startsWith('../..') ? reportDir : shown,
  };
}
