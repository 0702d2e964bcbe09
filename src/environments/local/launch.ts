import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { EnvironmentError } from '../environment.ts';
import type { Endpoint } from '../machine/network.ts';
import { isAlive, startOf } from '../machine/proc.ts';
import type { Account } from './account.ts';
import type { LocalRun } from './run.ts';
import { instanceMarker, runMarker } from './run-processes.ts';

/** One main process to start. */
export interface Launch {
  readonly component: string;
  readonly instance: string;
  readonly endpoint: Endpoint;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  readonly account: Account | null;
}

export interface Launched {
  readonly pid: number;
  readonly pidStart: string;
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * Starts a process in a session of its own, marked as the run's, its output in a log file, and journals it. It outlives this process.
 * @throws EnvironmentError when the program cannot be started
 */
export async function launch(run: LocalRun, what: Launch): Promise<Launched> {
  const { component, instance, endpoint } = what;
  const log = await open(run.paths.log(instance), 'a', 0o600);
  try {
    const child = start(run, what, log);
    const ended = endOf(child);
    const pid = await pidOf(child, what);
    const pidStart = startOf(pid) ?? '';
    await run.state.set('processes', instance, JSON.stringify({ pid, pidStart }));
    await run.emit({
      type: 'component.started',
      component,
      instance,
      pid,
      pidStart,
      address: `${endpoint.address}:${endpoint.port}`,
    });
    // Unawaited on purpose: the mark is journaled whenever the process ends, and `emit` never rejects.
    void ended.then(({ code, signal }) =>
      run.emit({ type: 'component.exited', component, instance, pid, code, signal }),
    );
    return { pid, pidStart, ended };
  } finally {
    await log.close();
  }
}

/** The main process of an instance if it lives, as any process of drillbook can find it. */
export async function mainProcess(
  run: LocalRun,
  instance: string,
): Promise<{ readonly pid: number; readonly pidStart: string } | null> {
  const text = await run.state.get('processes', instance);
  if (text === null) return null;
  const main = JSON.parse(text) as { pid: number; pidStart: string };
  return isAlive(main.pid, main.pidStart) ? main : null;
}

function start(
  run: LocalRun,
  { program, args, cwd, env, account, instance }: Launch,
  log: FileHandle,
): ChildProcess {
  const child = spawn(program, args, {
    cwd,
    env: { ...env, [runMarker]: run.layout.runId, [instanceMarker]: instance },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  });
  child.unref();
  return child;
}

function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}

function pidOf(child: ChildProcess, { component, instance, program, cwd, account }: Launch): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid as number));
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const as = account === null ? '' : ` as user ${account.name}`;
      const why =
        cause.code === 'ENOENT' ? `there is no program "${program}", or no folder ${cwd}` : cause.message;
      reject(
        new EnvironmentError(`${instance} (component ${component}) could not be started${as}: ${why}`, {
          cause,
        }),
      );
    });
  });
}
