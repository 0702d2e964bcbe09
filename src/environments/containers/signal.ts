import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, type ProcessState, type SignalTarget } from '../environment.ts';
import { besideImage } from './beside-image.ts';
import { runBeside } from './exec.ts';
import type { InstanceLayout } from './layout.ts';
import { instancesMeant } from './roles.ts';
import { type ContainersRun, containerOf, inspect, statusCode } from './run.ts';

const goneWithinMs = 5000;
const besideWithinMs = 15_000;

/**
 * See `Running.signal`. SIGSTOP and SIGCONT of a whole container are the engine's pause and unpause, which also stop what
 * ignores signals; other signals go to its main process. Single processes are signalled from beside it.
 */
export async function signalTarget(
  run: ContainersRun,
  what: SignalTarget,
  signal: NodeJS.Signals | null,
): Promise<readonly ProcessState[]> {
  const instances = await instancesMeant(run, what.target);
  // The hold first: a supervisor must see it when the container ends.
  if (what.hold === true) for (const { instance } of instances) await run.state.set('holds', instance, '');
  const matched = await Promise.all(instances.map((instance) => processesOf(run, instance, what.scope)));
  if (signal !== null)
    await Promise.all(instances.map((instance) => send(run, instance, what.scope, signal)));
  if (what.release === true) for (const { instance } of instances) await run.state.clear('holds', instance);
  return matched.flat();
}

/** A paused container's processes are all stopped. */
export async function processesOf(
  run: ContainersRun,
  instance: InstanceLayout,
  scope: SignalTarget['scope'],
): Promise<readonly ProcessState[]> {
  const found = await inspect(run, instance);
  if (found === null || !found.State.Running) return [];
  const { Pid, StartedAt, Paused } = found.State;
  const all = (await processTable(run, instance)).map(({ pid, state, title }) => ({
    pid,
    // A pid is not used again within one life of a container: together they name a process for good.
    pidStart: StartedAt,
    instance: instance.instance,
    title,
    state: Paused ? ('stopped' as const) : state,
  }));
  if (scope === 'component') return all;
  if (scope === 'leader') return all.filter(({ pid }) => pid === Pid);
  return all.filter(({ title }) => title.includes(scope.match));
}

async function processTable(
  run: ContainersRun,
  instance: InstanceLayout,
): Promise<readonly Pick<ProcessState, 'pid' | 'title' | 'state'>[]> {
  try {
    // The engine lists them with ps of its own machine, which needs the column PID.
    const { Processes } = (await containerOf(run, instance).top({ ps_args: '-eo pid,stat,args' })) as {
      Processes: string[][];
    };
    return Processes.filter(([, stat = '']) => !stat.startsWith('Z')).map(([pid, stat = '', ...args]) => ({
      pid: Number(pid),
      title: args.join(' '),
      state: stat.startsWith('T') ? 'stopped' : 'running',
    }));
  } catch (error) {
    // It ended between the two questions.
    if (statusCode(error) !== null) return [];
    throw error;
  }
}

async function send(
  run: ContainersRun,
  instance: InstanceLayout,
  scope: SignalTarget['scope'],
  signal: NodeJS.Signals,
): Promise<void> {
  if (typeof scope === 'object') {
    // Processes of a container that has ended are gone, and nothing can run beside it.
    if ((await inspect(run, instance))?.State.Running === true)
      await sendBeside(run, instance, scope.match, signal);
    return;
  }
  const container = containerOf(run, instance);
  try {
    if (signal === 'SIGSTOP') await container.pause();
    else if (signal === 'SIGCONT') await container.unpause();
    else await container.kill({ signal });
  } catch (error) {
    // 404, 409: not there, not running, paused already or not paused: nothing is left to do.
    if (![404, 409, 304].includes(statusCode(error) ?? 0) && !isNotPaused(error)) throw error;
  }
  if (signal === 'SIGKILL') await untilGone(run, instance);
}

/** Older engines answer 500 to an unpause of what is not paused. */
function isNotPaused(error: unknown): boolean {
  return /is not paused|is already paused|is not running/.test((error as Error).message);
}

async function untilGone(run: ContainersRun, instance: InstanceLayout): Promise<void> {
  const limit = performance.now() + goneWithinMs;
  while ((await inspect(run, instance))?.State.Running === true && performance.now() < limit) await sleep(10);
}

/** The text comes by standard input: in an argument it would match the sender itself. */
const signaller = `
read -r text
for folder in /proc/[0-9]*; do
  title=$(tr '\\0' ' ' <"$folder/cmdline" 2>/dev/null) || continue
  case $title in *"$text"*) kill -s "$1" "\${folder#/proc/}" ;; esac
done
exit 0
`;

async function sendBeside(
  run: ContainersRun,
  instance: InstanceLayout,
  match: string,
  signal: NodeJS.Signals,
): Promise<void> {
  const image = await besideImage(run.docker);
  const { exitCode, stderr } = await runBeside(
    run.docker,
    { image, container: instance.container, runId: run.layout.runId },
    {
      argv: ['bash', '-c', signaller, 'signaller', signal.slice('SIG'.length)],
      input: `${match}\n`,
      timeoutMs: besideWithinMs,
    },
    [],
  );
  if (exitCode !== 0)
    throw new EnvironmentError(
      `${instance.instance}: ${signal} could not be sent to "${match}": ${stderr.trim()}`,
    );
}
