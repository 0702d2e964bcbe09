import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Checker } from '../src/checkers/checker.ts';
import { judge } from '../src/checkers/judge.ts';
import type { Judged } from '../src/reporters/reporter.ts';
import { readJournal } from '../src/run/read-journal.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Working folder, and so the project. */
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
}

/** The command line as a process of its own, with no terminal. */
export function startCli(
  args: readonly string[],
  { cwd, env = {} }: CliOptions,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
  return { child, ended };
}

export function cli(args: readonly string[], options: CliOptions): Promise<Ended> {
  return startCli(args, options).ended;
}

/** A folder for reports that goes when the work is done. */
export async function withReports<T>(work: (out: string) => Promise<T>): Promise<T> {
  const out = await mkdtemp(join(tmpdir(), 'drillbook-out-'));
  try {
    return await work(out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

export interface RunDrill extends Judged {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** The same journal, judged by every checker but one. */
  without(checker: Checker): Judged;
}

/** Runs one drill of a project to its end. `meanwhile` gets the process, to disturb it. */
export async function runDrill(
  cwd: string,
  drill: string,
  meanwhile?: (child: ChildProcess, out: string) => Promise<void>,
): Promise<RunDrill> {
  return withReports(async (out) => {
    const { child, ended } = startCli(['run', drill, '--out', out, '--today', '2026-11-22'], { cwd });
    await Promise.race([meanwhile?.(child, out), ended]);
    const { exitCode, stderr } = await ended;
    const [run] = await readdir(out);
    if (run === undefined) throw new Error(`the drill left no report: ${stderr}`);
    const timeline = await readJournal(join(out, run, 'journal.ndjson'));
    const { plan } = timeline.header;
    const judgedBy = (checkers: readonly Checker[]): Judged => ({
      plan,
      timeline,
      ...judge(timeline, plan, checkers),
    });
    const { allCheckers } = await import('../src/checkers/index.ts');
    return {
      ...judgedBy(allCheckers),
      exitCode,
      stderr,
      without: (checker) => judgedBy(allCheckers.filter((each) => each !== checker)),
    };
  });
}
