import type { CommandResult } from '../environment.ts';
import type { Capture } from './capture.ts';

export interface Ran {
  readonly exitCode: number | null;
  /** What ended the session, when that took the command along. */
  readonly signal: 'SIGTERM' | 'SIGKILL' | null;
  /** Whether drillbook ended it: its time was over, or it was told to. */
  readonly stopped: boolean;
  readonly durationNs: number;
  readonly stdout: Capture;
  readonly stderr: Capture;
}

/** Bounded and redacted. */
export function resultOf(ran: Ran, secrets: readonly string[]): CommandResult {
  const stdout = ran.stdout.read(secrets);
  const stderr = ran.stderr.read(secrets);
  return {
    exitCode: ran.exitCode,
    signal: ran.signal,
    timedOut: ran.stopped,
    durationNs: ran.durationNs,
    stdout: stdout.text,
    stderr: stderr.text,
    truncatedBytes: stdout.truncatedBytes + stderr.truncatedBytes,
    standIns: [],
  };
}

/** Of a command that was not begun. */
export const nothing = {
  exitCode: null,
  signal: null,
  timedOut: false,
  durationNs: 0,
  stdout: '',
  stderr: '',
  truncatedBytes: 0,
  standIns: [],
} as const satisfies CommandResult;

/** Of `end STATUS` (the command's) or `exit STATUS` (its shell's: the command ended that). */
export function status(line: string | null | undefined): number | null {
  return line ? Number(line.split(' ')[1]) : null;
}
