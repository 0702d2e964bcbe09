import { EnvironmentError } from '../environment.ts';
import { lookByHttp, lookByTcp, readyWithinMs, untilReady } from '../ready.ts';
import { redact } from '../toolbox/redact.ts';
import { runInside } from './exec.ts';
import { lastLines } from './logs.ts';
import { publishedPort } from './members.ts';
import { type ContainersRun, containerOf, inspect, type Located } from './run.ts';
import { secretsInUse } from './substitution.ts';

const shownLogLines = 20;
const commandWithinMs = 10_000;
/** A published port is answered by the engine: whether anybody is behind it shows a moment later. */
export const heldOpenMs = 100;

/**
 * Waits until an instance that was started is ready.
 * @throws EnvironmentError with the last lines of its log when it ends before, or is not ready in time
 */
export async function waitUntilReady(
  run: ContainersRun,
  located: Located,
  abort?: AbortSignal,
): Promise<void> {
  const { ready } = located.component.spec;
  const withinMs = readyWithinMs(ready);
  const ended = new AbortController();
  const observed = await untilReady(
    async () => {
      if ((await inspect(run, located.instance))?.State.Running !== true) ended.abort();
      return ready === undefined || ended.signal.aborted ? null : look(run, located, ready);
    },
    withinMs,
    AbortSignal.any([ended.signal, ...(abort === undefined ? [] : [abort])]),
  );
  if (abort?.aborted || (observed === null && !ended.signal.aborted)) return;
  const what = ended.signal.aborted
    ? await ending(run, located)
    : `was not ready within ${withinMs / 1000}s (${observed})`;
  const { instance } = located.instance;
  throw new EnvironmentError(
    `${instance} (component ${located.component.component}) ${what}; ${await endOfLog(run, located)}`,
  );
}

type ReadyCheck = NonNullable<Located['component']['spec']['ready']>;

async function look(
  run: ContainersRun,
  { component, instance }: Located,
  check: ReadyCheck,
): Promise<string | null> {
  if ('command' in check) return lookInside(run, { component, instance }, check.command);
  const endpoint = { address: instance.hostAddress, port: publishedPort(component, instance) };
  return 'http' in check ? lookByHttp(endpoint, check.http) : lookByTcp(endpoint, heldOpenMs);
}

async function lookInside(
  run: ContainersRun,
  { instance }: Located,
  command: string,
): Promise<string | null> {
  try {
    const argv = ['sh', '-c', command];
    const { exitCode, stderr, stdout } = await runInside(
      containerOf(run, instance),
      { argv, timeoutMs: commandWithinMs },
      secretsInUse(run),
    );
    return exitCode === 0
      ? null
      : `"${command}" exited with ${exitCode}: ${(stderr.trim() || stdout.trim()).slice(-300)}`;
  } catch (error) {
    return `"${command}": ${(error as Error).message}`;
  }
}

async function ending(run: ContainersRun, { instance }: Located): Promise<string> {
  const state = (await inspect(run, instance))?.State;
  const why =
    state?.OOMKilled === true ? 'killed for want of memory' : `exit code ${state?.ExitCode ?? 'unknown'}`;
  return `ended before it was ready (${why})`;
}

async function endOfLog(run: ContainersRun, { instance }: Located): Promise<string> {
  const lines = await lastLines(containerOf(run, instance), shownLogLines);
  const text = redact(lines.join('\n'), secretsInUse(run)).trim();
  return text === '' ? 'it wrote nothing to its log' : `its log ends:\n${text}`;
}
