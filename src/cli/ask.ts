import { createInterface } from 'node:readline/promises';
import { oneLine } from '../reporters/untrusted.ts';
import type { OperatorAnswer } from '../run/context.ts';
import type { ManualStep } from '../runbook/runbook.ts';

const answers = { d: 'done', s: 'skipped', f: 'failed' } as const;

/** Asks the person at the terminal for a manual step. @throws the abort's reason */
export async function askAtTerminal(step: ManualStep, abort: AbortSignal): Promise<OperatorAnswer> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal in line mode gives Ctrl-C to readline: hand it on.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const question = `  □ ${oneLine(step.text)} (line ${step.lines.from})\n    [d]one, [s]kip, [f]ailed, and a note if you like: `;
    for (;;) {
      const [letter = '', ...note] = (await terminal.question(question, { signal: abort }))
        .trim()
        .split(/\s+/);
      const answer = answers[letter.toLowerCase().slice(0, 1) as keyof typeof answers];
      if (answer !== undefined) return { answer, note: note.join(' ') };
    }
  } catch (error) {
    abort.throwIfAborted();
    // Standard input has ended: nobody is there any more.
    return { answer: 'skipped', note: (error as Error).message };
  } finally {
    terminal.close();
  }
}
