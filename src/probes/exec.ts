import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ProbeSpec } from '../definition/observing.ts';
import { type Observation, type Probe, ProbeError, type ProbeTarget } from './probe.ts';

type ExecProbeSpec = Extract<ProbeSpec, { kind: 'exec' }>;

/** Only the end of the output is looked at, so only that is kept. */
const keptCharacters = 4096;
const longestText = 200;

/**
 * Runs a toolbox command each slot: exit 0 is ok, a number as the last output line the observed value.
 * Whatever the command started is killed with it, at its end and at an abort.
 * @throws ProbeError without a toolbox
 */
export function createExecProbe(target: ProbeTarget, spec: ExecProbeSpec): Probe {
  const { exec, name } = target;
  if (exec === undefined)
    throw new ProbeError(
      `probe ${name} runs a command, but this environment gave it no toolbox to run it in`,
    );
  const [program = 'bash', ...args] = [...exec.argv, 'bash', '-c', spec.command];
  return {
    async observe(_slot, abort) {
      if (abort.aborted) return { ok: false, detail: 'timeout' };
      const child = spawn(program, args, {
        cwd: exec.cwd,
        env: { ...exec.env },
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return await outcome(child, abort);
    },
    async close() {},
  };
}

function outcome(child: ChildProcess, abort: AbortSignal): Promise<Observation> {
  return new Promise((resolve) => {
    const output = tail(child.stdout);
    const kill = () => killGroup(child);
    abort.addEventListener('abort', kill, { once: true });
    child.on('exit', kill);
    const end = (observation: Observation) => {
      abort.removeEventListener('abort', kill);
      resolve(observation);
    };
    child.on('error', (error: NodeJS.ErrnoException) =>
      end({ ok: false, detail: error.code ?? error.message }),
    );
    child.on('close', (code, signal) => {
      if (abort.aborted) end({ ok: false, detail: 'timeout' });
      else end(judge(code, signal, output()));
    });
  });
}

function judge(code: number | null, signal: NodeJS.Signals | null, output: string): Observation {
  const text = (output.trimEnd().split('\n').at(-1) ?? '').trim().slice(0, longestText);
  const value = text === '' ? Number.NaN : Number(text);
  return {
    ok: code === 0,
    ...(code !== 0 && { detail: signal ?? `exit ${code}` }),
    ...(text !== '' && { text }),
    ...(Number.isFinite(value) && { value }),
  };
}

function tail(stream: Readable | null): () => string {
  let kept = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    kept = (kept + chunk).slice(-keptCharacters);
  });
  return () => kept;
}

/** The command leads a process group of its own. Nothing left in it, or nothing that may be signalled, is no error. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
