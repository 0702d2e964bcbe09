import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolSpec } from '../../definition/tool.ts';
import { type CommandResult, EnvironmentError, type ExecOptions } from '../environment.ts';
import { killMarked } from './leftovers.ts';
import { commandRefusal } from './refusal.ts';
import { nothing, type Ran, resultOf } from './result.ts';
import { openRoom, type Room } from './room.ts';
import { Session } from './session.ts';
import { anyCalls, type FoundTool, findTools, installTool, readCalls } from './tools.ts';
import { trialIn } from './trial.ts';
import { Turns } from './turns.ts';
import { markerName } from './variables.ts';
import { workshop } from './workshop.ts';

export { describeTools, missingPrograms, toolNotes } from './check.ts';

/** Where a platform's commands run, and as whom. */
export interface ToolboxOptions {
  /** The run's folder. The account can reach it; the toolbox makes `toolbox/` in it. */
  readonly runDir: string;
  readonly runId: string;
  /** Where the relative paths of tools start from. */
  readonly baseDir: string;
  /** The unprivileged user that commands run as; null when drillbook itself is one. */
  readonly account: Account | null;
  /** Names of the platform → addresses. */
  readonly hosts: { readonly [name: string]: string };
  readonly tools: { readonly [name: string]: ToolSpec };
  /** Fills `${…}` of the platform file; `home` is the toolbox's own, which is known only once it is made. */
  fill(text: string, home: string): string;
  /** Exact values that never leave the toolbox; those under 6 characters are not looked for. */
  readonly secrets: readonly string[];
  readonly env: { readonly [name: string]: string };
  /** Does without namespaces, as on a machine that refuses them. */
  readonly withoutNamespaces?: boolean;
}

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Toolbox {
  /**
   * Runs a runbook's command verbatim. Never throws for a command's own failure: that is the result.
   * @throws EnvironmentError when no shell can be started, or after `close`
   */
  exec(command: string, options: ExecOptions): Promise<CommandResult>;
  /** Ends every process that was started in the toolbox. Idempotent. */
  close(): Promise<void>;
  /** What to put before a program and its arguments to run it inside, with `environment` and `cwd`. */
  readonly argv: readonly string[];
  readonly environment: { readonly [name: string]: string };
  readonly cwd: string;
  /** What each tool of the platform is on this machine. */
  readonly tools: readonly FoundTool[];
  /** What is not contained on this machine, one sentence each. */
  readonly limits: readonly string[];
}

/** @throws EnvironmentError when a tool's program cannot be read, there is no bash, or root's rights cannot be given up */
export async function openToolbox(options: ToolboxOptions): Promise<Toolbox> {
  const room = await openRoom(options);
  try {
    const tools = await findTools(options.tools, options.baseDir, trialIn(room, options.account));
    await Promise.all(
      tools.map((tool) =>
        installTool(tool, { ...room, arguments: addedArguments(options, room.layout.home, tool.name) }),
      ),
    );
    return new ShellToolbox(options, room, tools);
  } catch (error) {
    await room.containment.close();
    throw error;
  }
}

function addedArguments({ tools, fill }: ToolboxOptions, home: string, name: string): readonly string[] {
  const spec = tools[name];
  return spec === undefined || spec === 'system'
    ? []
    : (spec.arguments ?? []).map((argument) => fill(argument, home));
}

class ShellToolbox implements Toolbox {
  readonly argv: readonly string[];
  readonly environment: { readonly [name: string]: string };
  readonly cwd: string;
  readonly tools: readonly FoundTool[];
  readonly limits: readonly string[];
  readonly #options: ToolboxOptions;
  readonly #room: Room;
  readonly #turns = new Turns();
  readonly #sessions = new Map<string, Session>();
  #commands = 0;
  #closing: Promise<void> | null = null;

  constructor(options: ToolboxOptions, room: Room, tools: readonly FoundTool[]) {
    this.argv = room.argv;
    this.environment = room.environment;
    this.cwd = room.cwd;
    this.tools = tools;
    this.limits = room.containment.limits;
    this.#options = options;
    this.#room = room;
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
      throw new EnvironmentError('The toolbox is closed: no command can run in it any more.');
    // Nothing of a command may happen after its end was ordered.
    if (options.abort?.aborted) return { ...nothing, signal: 'SIGTERM' };
    if (options.on !== undefined) return { ...nothing, notRun: elsewhere(options.on) };
    const session = await this.#session(options.session);
    const notRun = await commandRefusal(command, {
      hosts: this.#room.containment.privateHosts ? [] : Object.keys(this.#options.hosts),
      whyMissing: (name) => whyMissing(name, this.tools),
      named: (program) => this.tools.some(({ name }) => name === program),
      missing: (words) => session.missing(words),
    });
    if (notRun !== null) return { ...nothing, notRun };
    const number = ++this.#commands;
    const ran = await session.run(number, command, options.timeoutMs, options.abort);
    const result = this.#result(ran, await this.#standIns(number));
    // Where the text was read from is nothing that the runbook's reader knows.
    const stderr = result.stderr.replaceAll(
      `${join(this.#room.layout.commands, String(number))}: `,
      'bash: ',
    );
    return { ...result, stderr, timedOut: ran.stopped && options.abort?.aborted !== true };
  }

  async #session(name: string): Promise<Session> {
    const open = this.#sessions.get(name);
    if (open?.alive) return open;
    await open?.close();
    const session = await Session.open(workshop(this.#room, this.#options.account));
    this.#sessions.set(name, session);
    return session;
  }

  #result(ran: Ran, standIns: readonly string[]): CommandResult {
    return { ...resultOf(ran, this.#options.secrets), standIns };
  }

  async #standIns(number: number): Promise<readonly string[]> {
    const files = [String(number), anyCalls].map((name) => join(this.#room.layout.calls, name));
    const names = await Promise.all(files.map((file) => readCalls(file, this.tools)));
    for (const file of files) rmSync(file, { force: true, recursive: true });
    return [...new Set(names.flat())];
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
    await killMarked(`${markerName}=${this.#room.marker}`);
    await this.#room.containment.close();
  }
}

/** Commands that are meant for the machine of a component would run on the operator's own here. */
function elsewhere(on: string): NonNullable<CommandResult['notRun']> {
  return {
    why: 'not-contained',
    reason: `it is to run on ${on}, which has no machine of its own here: the environment "containers" has one for each component`,
  };
}

function whyMissing(program: string, tools: readonly FoundTool[]): string {
  const tool = tools.find(({ name }) => name === program);
  const why = tool?.state === 'missing' ? tool.why : 'the platform file names no such tool';
  return `${program} is not in the toolbox: ${why}`;
}
