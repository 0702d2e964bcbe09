import type { CommandResult } from '../environment.ts';
import { foreignAddress } from './addresses.ts';
import type { FoundTool } from './tools.ts';
import { calledPrograms, plainWords } from './words.ts';

export interface Surroundings {
  /** Names that curl alone resolves here; empty where every program does. */
  readonly hosts: readonly string[];
  readonly tools: readonly FoundTool[];
  /** Which of these words mean nothing to the session's shell: no program, function, alias or word of bash's own. */
  missing(words: readonly string[]): Promise<readonly string[]>;
}

/** Why a command cannot be run in the toolbox at all; null when it can. */
export async function commandRefusal(
  command: string,
  surroundings: Surroundings,
): Promise<NonNullable<CommandResult['notRun']> | null> {
  const address = foreignAddress(command);
  if (address !== null)
    return { why: 'not-contained', reason: `it names ${address}, which is not part of the platform` };
  const programs = calledPrograms(command);
  const [missing] = await surroundings.missing(programs);
  if (missing !== undefined)
    return {
      why: 'tool-missing',
      reason: `${missing} is not in the toolbox: ${whyMissing(missing, surroundings.tools)}`,
    };
  const host = surroundings.hosts.find((name) => plainWords(command).has(name));
  const other = programs.find(
    (program) => program !== 'curl' && surroundings.tools.some(({ name }) => name === program),
  );
  if (host === undefined || other === undefined) return null;
  return {
    why: 'not-contained',
    reason: `${host} resolves for curl alone here, and ${other} would ask the machine's own name service`,
  };
}

function whyMissing(name: string, tools: readonly FoundTool[]): string {
  const tool = tools.find((found) => found.name === name);
  return tool?.state === 'missing' ? tool.why : 'the platform file names no such tool';
}
