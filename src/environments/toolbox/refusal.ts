import type { CommandResult } from '../environment.ts';
import { foreignAddress } from './addresses.ts';
import { calledPrograms, plainWords } from './words.ts';

export interface Surroundings {
  /** Names that curl alone resolves here; empty where every program does. */
  readonly hosts: readonly string[];
  /** Whether the platform file names the program. */
  named(program: string): boolean;
  /** A sentence for whoever misses the program. */
  whyMissing(program: string): string;
  /** Which of these words mean nothing to the session's shell: no program, function, alias or word of bash's own. */
  missing(words: readonly string[]): Promise<readonly string[]>;
}

/** Why a command cannot be run at all; null when it can. */
export async function commandRefusal(
  command: string,
  surroundings: Surroundings,
): Promise<NonNullable<CommandResult['notRun']> | null> {
  const address = foreignAddress(command);
  if (address !== null)
    return { why: 'not-contained', reason: `it names ${address}, which is not part of the platform` };
  const programs = calledPrograms(command);
  const [missing] = await surroundings.missing(programs);
  if (missing !== undefined) return { why: 'tool-missing', reason: surroundings.whyMissing(missing) };
  const host = surroundings.hosts.find((name) => plainWords(command).has(name));
  const other = programs.find((program) => program !== 'curl' && surroundings.named(program));
  if (host === undefined || other === undefined) return null;
  return {
    why: 'not-contained',
    reason: `${host} resolves for curl alone here, and ${other} would ask the machine's own name service`,
  };
}
