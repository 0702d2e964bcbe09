import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { EnvironmentError } from '../environment.ts';
import { Output } from './output.ts';
import { type Ran, status } from './result.ts';
import { stopAfter } from './stop.ts';

/** What a session needs of its toolbox. */
export interface Workshop {
  /** The toolbox's folder, with `commands/` and `calls/`. */
  readonly root: string;
  /** Starts a supervisor with a shell under it. */
  readonly argv: readonly string[];
  readonly environment: { readonly [name: string]: string };
  /** Makes a FIFO that the account can write to. */
  makeFifo(path: string): Promise<void>;
  /** Sends the signal to every process of the session that began with this child. */
  signal(child: ChildProcess, session: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Between a polite end and a certain one. */
export const graceMs = 1000;

/** A shell and everything it started. Runs one command at a time; once ended, it stays so. */
export class Session {
  readonly #workshop: Workshop;
  readonly #id: string;
  readonly #child: ChildProcess;
  readonly #control: Writable;
  readonly #stdout: Output;
  readonly #stderr: Output;
  #shellRuns = false;
  #ended = false;
  /** Whether a shell has ever answered. */
  #spoke = false;
  /** Takes the next line that the shell or its supervisor says; null at their end. */
  #listener: ((line: string | null) => void) | null = null;
  #complaint = '';

  private constructor(workshop: Workshop, id: string, outputs: readonly [Output, Output]) {
    this.#workshop = workshop;
    this.#id = id;
    [this.#stdout, this.#stderr] = outputs;
    const [program = '', ...args] = workshop.argv;
    const env = { ...workshop.environment, ...fifos(workshop, id), DRILLBOOK_SESSION: id };
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env,
      detached: true,
    });
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', () => this.#end(''));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(0, 2000);
    });
    this.#control = this.#child.stdio[3] as Writable;
    // A command may be told to a shell that has just died.
    this.#control.on('error', () => {});
    createInterface({ input: this.#child.stdio[4] as Readable }).on('line', (line) => this.#hear(line));
  }

  static async open(workshop: Workshop): Promise<Session> {
    const id = randomUUID();
    const paths = Object.values(fifos(workshop, id));
    await Promise.all(paths.map((path) => workshop.makeFifo(path)));
    const [stdout, stderr] = paths.map((path) => new Output(path));
    return new Session(workshop, id, [stdout, stderr] as [Output, Output]);
  }

  /** Whether it takes another command. */
  get alive(): boolean {
    return !this.#ended;
  }

  /**
   * What each word is to the session's shell.
   * @param words letters, digits and `._+-` only
   * @throws EnvironmentError when no shell can be started
   */
  async missing(words: readonly string[]): Promise<readonly string[]> {
    if (words.length === 0) return [];
    await this.#startShell();
    const answers = this.#lines(words.length);
    this.#control.write(`types ${words.join(' ')}\n`);
    const types = await answers;
    return words.filter((_, i) => types[i] === 'missing');
  }

  /**
   * Sources the command's text in the session's shell.
   * @param number names the command's files in `commands/` and `calls/`
   * @throws EnvironmentError when no shell can be started
   */
  async run(number: number, text: string, timeoutMs: number, abort: AbortSignal | undefined): Promise<Ran> {
    const file = join(this.#workshop.root, 'commands', String(number));
    writeFileSync(file, `${text}\n`, { mode: 0o644 });
    await this.#startShell();
    const stop = stopAfter(timeoutMs, abort);
    try {
      return await this.#runFile(number, stop.told);
    } finally {
      stop.release();
      rmSync(file, { force: true });
    }
  }

  async #runFile(number: number, told: Promise<null>): Promise<Ran> {
    const started = process.hrtime.bigint();
    const answer = this.#lines(1);
    this.#control.write(`run ${number}\n`);
    const line = await Promise.race([answer, told]).then((lines) => lines?.[0]);
    const durationNs = Number(process.hrtime.bigint() - started);
    const stopped = line === undefined;
    const signal = stopped ? await this.#terminate() : this.#ended ? 'SIGKILL' : null;
    const exitCode = signal === null ? status(line) : null;
    const [stdout, stderr] = await Promise.all([
      this.#stdout.upTo(randomUUID()),
      this.#stderr.upTo(randomUUID()),
    ]);
    if (this.#ended) this.#release();
    return { exitCode, signal, stopped, durationNs, stdout, stderr };
  }

  /** Ends it with everything it started. */
  async close(): Promise<void> {
    await this.#kill();
    this.#release();
  }

  /** The polite end, then the certain one; tells which it took. */
  async #terminate(): Promise<'SIGTERM' | 'SIGKILL'> {
    if (this.#ended) return 'SIGKILL';
    const gone = once(this.#child, 'exit').then(() => true);
    await this.#workshop.signal(this.#child, this.#id, 'SIGTERM');
    const polite = await Promise.race([
      gone,
      new Promise<false>((resolve) => setTimeout(resolve, graceMs, false)),
    ]);
    await this.#kill();
    return polite ? 'SIGTERM' : 'SIGKILL';
  }

  async #kill(): Promise<void> {
    const gone = this.#ended ? Promise.resolve() : once(this.#child, 'exit');
    await this.#workshop.signal(this.#child, this.#id, 'SIGKILL');
    await gone;
  }

  async #startShell(): Promise<void> {
    if (this.#shellRuns) return;
    this.#shellRuns = true;
    const ready = this.#lines(1);
    this.#control.write(`shell\n${this.#workshop.root}\n`);
    await ready;
  }

  async #lines(count: number): Promise<readonly (string | null)[]> {
    const lines: (string | null)[] = [];
    if (this.#ended) throw this.#failure();
    await new Promise<void>((resolve) => {
      this.#listener = (line) => {
        lines.push(line);
        if (lines.length === count || line === null) resolve();
      };
    });
    this.#listener = null;
    if (!this.#spoke) throw this.#failure();
    return lines;
  }

  #hear(line: string): void {
    this.#spoke = true;
    if (line.startsWith('exit ')) this.#shellRuns = false;
    this.#listener?.(line);
  }

  #end(message: string): void {
    this.#ended = true;
    this.#complaint += message;
    this.#listener?.(null);
  }

  #failure(): EnvironmentError {
    const why = this.#complaint.trim() || 'its supervisor ended';
    return new EnvironmentError(
      `The toolbox's shell could not run: ${why}. See what "drillbook doctor" says of this machine.`,
    );
  }

  #release(): void {
    this.#stdout.close();
    this.#stderr.close();
    for (const path of Object.values(fifos(this.#workshop, this.#id))) rmSync(path, { force: true });
  }
}

function fifos(
  workshop: Workshop,
  id: string,
): { readonly DRILLBOOK_STDOUT: string; readonly DRILLBOOK_STDERR: string } {
  const path = (name: string): string => join(workshop.root, 'commands', `${id}.${name}`);
  return { DRILLBOOK_STDOUT: path('stdout'), DRILLBOOK_STDERR: path('stderr') };
}
