import {
  type CommandResult,
  type ContainerState,
  type Containers,
  EnvironmentError,
  type Running,
} from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { FaultError, type Injection } from './fault.ts';

/** Below the runner's own deadline for a heal, so that the message is this one. */
const answerWithinMs = 20_000;
const shownCharacters = 300;

/** Which fault acts where: all that a message needs of an injection. */
export type Acting = Pick<Injection, 'id' | 'spec' | 'instance'>;

/** @throws FaultError on a platform without containers, which a plan never has */
export function containersOf(running: Running, { id, spec }: Pick<Acting, 'id' | 'spec'>): Containers {
  if (running.containers === undefined)
    throw new FaultError(
      `${id}: the fault "${spec.fault}" needs containers; ${running.record.environment} has none, the environment "containers" has`,
    );
  return running.containers;
}

/** The state of a container that runs, for faults that need it to. @throws FaultError when it does not */
export async function runningState(running: Running, acting: Acting): Promise<ContainerState> {
  const state = await containersOf(running, acting).state(acting.instance);
  if (state.status !== 'running')
    throw new FaultError(
      `${acting.id}: ${acting.instance} is ${state.status === 'paused' ? 'paused' : 'not running'}: nothing can be done inside it`,
    );
  return state;
}

export interface Script {
  /** What it does, for the message when it fails. */
  readonly what: string;
  /** For `sh`, its arguments are `$1`, `$2` … */
  readonly text: string;
  readonly args?: readonly string[];
  readonly input?: string;
  /** Default root. `null`: whom the container runs its own programs as. */
  readonly user?: string | null;
}

/**
 * Runs a script inside the container. Returns what it wrote.
 * @throws FaultError when the container does not run or the script fails, with what it wrote to standard error
 */
export async function scriptInside(running: Running, acting: Acting, script: Script): Promise<string> {
  await runningState(running, acting);
  const { what, text, args = [], input, user = 'root' } = script;
  const result = await containersOf(running, acting).run(acting.instance, 'inside', {
    argv: ['sh', '-c', text, 'sh', ...args],
    timeoutMs: answerWithinMs,
    ...(user !== null && { user }),
    ...(input !== undefined && { input }),
  });
  return outputOf(result, acting, what);
}

/**
 * Runs a program in the container's network namespace, also while it is paused. Returns what it wrote.
 * @throws FaultError when it fails, with what it wrote to standard error
 */
export async function runBeside(
  running: Running,
  acting: Acting,
  what: string,
  program: { readonly argv: readonly string[]; readonly input?: string },
): Promise<string> {
  const containers = containersOf(running, acting);
  const result = await containers.run(acting.instance, 'beside', { ...program, timeoutMs: answerWithinMs });
  return outputOf(result, acting, what);
}

function outputOf(result: CommandResult, { id, instance }: Acting, what: string): string {
  if (result.exitCode === 0) return result.stdout;
  const said = (result.stderr.trim() || result.stdout.trim()).slice(0, shownCharacters);
  const how = result.timedOut
    ? `no end within ${answerWithinMs / 1000} s`
    : (result.notRun?.reason ?? `exit code ${result.exitCode ?? result.signal}`);
  throw new FaultError(`${id}: ${what} in ${instance}: ${how}${said === '' ? '' : `: ${said}`}`);
}

/** What a look found out; a look that failed found nothing out. */
export async function statusBy(look: () => Promise<FaultStatus>): Promise<FaultStatus> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof FaultError || error instanceof EnvironmentError) return 'unknown';
    throw error;
  }
}

/** How a fault is over that a new life of its container takes away: with that life, or healed (or never set off) in it. */
export function overIn(state: ContainerState, { details }: Injection): 'gone' | 'superseded' {
  return state.startedAt === details?.startedAt ? 'gone' : 'superseded';
}

/** A text that `prepare` put into the details. */
export function detail({ id, details }: Injection, name: string): string {
  const value = details?.[name];
  if (typeof value !== 'string')
    throw new FaultError(
      `${id}: its record says nothing of "${name}"; it is not one that this version prepared`,
    );
  return value;
}
