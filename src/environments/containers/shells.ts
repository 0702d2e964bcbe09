import { randomUUID } from 'node:crypto';
import type Dockerode from 'dockerode';
import type { ToolSpec } from '../../definition/tool.ts';
import { type CommandResult, EnvironmentError, type ExecOptions } from '../environment.ts';
import { commandRefusal } from '../toolbox/refusal.ts';
import { nothing, resultOf } from '../toolbox/result.ts';
import { type Stop, stopAfter } from '../toolbox/stop.ts';
import { Turns } from '../toolbox/turns.ts';
import { type Enter, endProcesses, type NotRun, openSession, silent } from './shell-opening.ts';
import { textPath } from './shell-scripts.ts';
import { ShellSession } from './shell-session.ts';
import type { Calls } from './toolbox-programs.ts';

export interface ShellsOptions {
  readonly docker: Dockerode;
  readonly containerId: string;
  /** Default: the container's. */
  readonly user?: string;
  /** Where a session begins; default: the container's. */
  readonly cwd?: string;
  /** See `ShellPlace`. */
  readonly enter?: Enter;
  /** Of every command, beside the container's own. */
  readonly env: { readonly [name: string]: string };
  /** Exact values that never leave here; those under 6 characters are not looked for. */
  readonly secrets: readonly string[];
  /** Why a program is not there. */
  readonly tools: { readonly [name: string]: ToolSpec };
  /** Who tells which stand-ins a command called; without it there are none. */
  readonly calls?: Calls;
}

/** Shells in one container, which needs bash 4.3 or newer; an init as its first process keeps it free of dead ones. */
export interface Shells {
  /**
   * Runs a runbook's command verbatim. Never throws for a command's own failure: that is the result. Has a result in
   * time even when the container is paused under way; then, and only then, a stopped command has no signal.
   * @throws EnvironmentError when the container does not run or answer, or after `close`
   */
  exec(command: string, options: ExecOptions): Promise<CommandResult>;
  /** Ends every process that was started here. Idempotent. */
  close(): Promise<void>;
}

export function openShells(options: ShellsOptions): Shells {
  return new ContainerShells(options);
}

class ContainerShells implements Shells {
  readonly #options: ShellsOptions;
  readonly #id = randomUUID();
  readonly #turns = new Turns();
  readonly #sessions = new Map<string, ShellSession>();
  #opened = 0;
  #closing: Promise<void> | null = null;

  constructor(options: ShellsOptions) {
    this.#options = options;
  }

  exec(command: string, options: ExecOptions): Promise<CommandResult> {
    return this.#turns.take(options.session, () => this.#exec(command, options));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #exec(command: string, options: ExecOptions): Promise<CommandResult> {
    if (this.#closing !== null)
      throw new EnvironmentError(
        'The shells of this container are closed: no command can run in it any more.',
      );
    // Nothing of a command may happen after its end was ordered.
    if (options.abort?.aborted) return { ...nothing, signal: 'SIGTERM' };
    const stop = stopAfter(options.timeoutMs, options.abort);
    try {
      const result = await this.#runIn(options.session, command, stop);
      return { ...result, timedOut: result.timedOut && options.abort?.aborted !== true };
    } catch (error) {
      if (options.abort?.aborted) return { ...nothing, signal: 'SIGTERM' };
      throw error;
    } finally {
      stop.release();
    }
  }

  async #runIn(name: string, command: string, stop: Stop): Promise<CommandResult> {
    const session = await this.#session(name, stop);
    if (!(session instanceof ShellSession)) return { ...nothing, notRun: session };
    const notRun = await commandRefusal(command, {
      // Every program resolves the platform's names here, and no other.
      hosts: [],
      named: () => false,
      whyMissing: (program) => this.#whyMissing(program),
      missing: (words) => this.#missing(session, words, stop),
    });
    if (notRun !== null) return { ...nothing, notRun };
    const end = () => endProcesses(this.#options, session.id, 'TERM');
    const result = resultOf(await session.run(command, stop, end), this.#options.secrets);
    const standIns = (await this.#options.calls?.taken(session.id)) ?? [];
    // Where the text was read from is nothing that the runbook's reader knows.
    return { ...result, standIns, stderr: result.stderr.replaceAll(textPath, 'bash: ') };
  }

  async #session(name: string, stop: Stop): Promise<ShellSession | NotRun> {
    const open = this.#sessions.get(name);
    if (open?.alive) return open;
    // What an ended one left is seen to by its supervisor, unless that was killed.
    if (open !== undefined) await endProcesses(this.#options, open.id, 'KILL');
    this.#sessions.delete(name);
    const id = `${this.#id}.${++this.#opened}.`;
    const env = { ...this.#options.env, ...this.#options.calls?.variables(id) };
    const session = await openSession({ ...this.#options, env }, id, stop);
    if (session instanceof ShellSession) this.#sessions.set(name, session);
    return session;
  }

  async #missing(session: ShellSession, words: readonly string[], stop: Stop): Promise<readonly string[]> {
    if (words.length === 0) return [];
    const types = await session.types(words, stop);
    if (types === null && stop.signal.aborted) {
      await session.close();
      throw silent(this.#options);
    }
    return words.filter(
      (word, i) => types?.[i] === 'missing' || (types?.[i] === 'file' && this.#notHere(word) !== undefined),
    );
  }

  #notHere(program: string): string | undefined {
    const spec = this.#options.tools[program];
    return spec === undefined || spec === 'system' ? undefined : spec['not-here'];
  }

  #whyMissing(program: string): string {
    const why = this.#notHere(program) ?? 'its image does not have it';
    return `${program} is not in the container: ${why}`;
  }

  async #close(): Promise<void> {
    await endProcesses(this.#options, `${this.#id}.`, 'KILL');
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }
}
