import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { type CommandResult, EnvironmentError } from '../environment.ts';
import type { Stop } from '../toolbox/stop.ts';
import { startExec } from './exec-stream.ts';
import { ender, sessionCommand, sessionVariable } from './shell-scripts.ts';
import { type Ending, ShellSession } from './shell-session.ts';

export interface ShellPlace {
  readonly docker: Dockerode;
  readonly containerId: string;
  readonly user?: string;
  readonly cwd?: string;
  readonly env: { readonly [name: string]: string };
  /** Where programs run that a program of this container has to take them to, as into a pod; default: in the container itself. */
  readonly enter?: Enter;
}

/** The arguments that run a program there, as this user, with these variables beside those of the place. */
export type Enter = (
  argv: readonly string[],
  env: { readonly [name: string]: string },
  user: string | undefined,
) => string[];

export type NotRun = NonNullable<CommandResult['notRun']>;

/** What the ender takes at most, in ms: its own second of patience, and its start on a busy machine. */
const endWithinMs = 10_000;

/**
 * Starts a shell and waits until it answers.
 * @param id ends with a dot, so that it is the beginning of no other
 * @returns why not, when the image has no bash
 * @throws EnvironmentError when the container does not run, or does not answer before the stop
 */
export async function openSession(place: ShellPlace, id: string, stop: Stop): Promise<ShellSession | NotRun> {
  const { env, enter, user, ...where } = place;
  const variables = { ...env, [sessionVariable]: id };
  const argv = sessionCommand(id);
  const request = {
    ...where,
    ...(enter === undefined
      ? { argv, env: variables, ...(user !== undefined && { user }) }
      : { argv: enter(argv, variables, user) }),
    abort: stop.signal,
  };
  const stream = await Promise.race([startExec(request), stop.told]).catch((error) => error as EngineError);
  if (stream === null) throw silent(place);
  if (stream instanceof Error) return noBash.test(stream.message) ? bashMissing : fail(place, stream);
  const session = new ShellSession(id, stream);
  if (await session.answers(stop)) return session;
  await session.close();
  if (stop.signal.aborted) throw silent(place);
  const exitCode = await stream.exitCode();
  if (exitCode === 127 || noBash.test(session.complaint)) return bashMissing;
  return fail(place, new Error(session.complaint || `its shell ended with ${exitCode}`));
}

/**
 * Ends every process whose session begins with the prefix, whatever user it became.
 * @returns which signal that took; null when the container cannot be reached, so that they may still be there
 */
export async function endProcesses(
  { docker, containerId, enter }: ShellPlace,
  prefix: string,
  how: 'TERM' | 'KILL',
): Promise<Ending | null> {
  const argv = ['bash', '--noprofile', '--norc', '-c', ender, 'drillbook-ender', prefix, how];
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), endWithinMs);
  try {
    const request = {
      ...{ docker, containerId, user: '0:0', privileged: true, abort: late.signal },
      argv: enter === undefined ? argv : enter(argv, {}, '0:0'),
    };
    const stream = await startExec(request);
    let said = '';
    stream.listen({ stdout: (chunk) => (said += chunk), stderr: () => {}, raw: () => {} });
    await Promise.race([stream.ended, sleep(endWithinMs, undefined, { signal: late.signal, ref: false })]);
    stream.close();
    const [took, left] = said.trim().split(' ');
    return left === '0' ? (took as Ending) : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

const bashMissing: NotRun = {
  why: 'tool-missing',
  reason: 'bash is not in the container: its image does not have it, and commands of a runbook run in bash',
};
const noBash = /executable file not found|"bash".*no such file/;

interface EngineError extends Error {
  readonly statusCode?: number;
  readonly json?: { readonly message?: string };
}

/** Nothing was heard in time. */
export function silent({ containerId }: ShellPlace): EnvironmentError {
  return new EnvironmentError(
    `No shell answered in container ${short(containerId)} before the command's time was over, so that it was not run. ` +
      `See whether it is paused: docker inspect -f '{{.State.Status}}' ${short(containerId)}`,
  );
}

function fail({ containerId }: ShellPlace, cause: EngineError): never {
  const why =
    cause.statusCode === 404
      ? 'the engine has no such container (any more)'
      : (cause.json?.message ?? cause.message).trim();
  throw new EnvironmentError(`No command can run in container ${short(containerId)}: ${why}.`, { cause });
}

/** An id as the engine's own tools show it; a name stays whole. */
function short(containerId: string): string {
  return /^[0-9a-f]{64}$/.test(containerId) ? containerId.slice(0, 12) : containerId;
}
