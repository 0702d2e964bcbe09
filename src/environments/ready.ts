import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadyCheck } from '../definition/ready-check.ts';
import type { CommandResult, ExecOptions } from './environment.ts';
import type { Endpoint } from './machine/network.ts';

export type Exec = (command: string, options: ExecOptions) => Promise<CommandResult>;

const pollMs = 25;
const oneCheckMs = 1000;
const defaultWithinMs = 30_000;

/** How long a component may take to become ready, in milliseconds. */
export function readyWithinMs(check: ReadyCheck | undefined): number {
  return check?.within ?? defaultWithinMs;
}

/** Asks until the answer is yes. Resolves with null then, else with what it observed last. `abort` ends it early. */
export async function untilReady(
  ask: () => Promise<string | null>,
  withinMs: number,
  abort: AbortSignal,
): Promise<string | null> {
  const limit = performance.now() + withinMs;
  for (;;) {
    const observed = await ask();
    if (observed === null || abort.aborted || performance.now() >= limit) return observed;
    await sleep(pollMs);
  }
}

/** One look: null when ready, else what was observed. */
export async function look(
  check: ReadyCheck | undefined,
  endpoint: Endpoint,
  exec: Exec,
): Promise<string | null> {
  if (check === undefined) return null;
  if ('http' in check) return lookByHttp(endpoint, check.http);
  if ('tcp' in check) return lookByTcp(endpoint);
  const result = await exec(check.command, {
    session: `ready of ${endpoint.address}:${endpoint.port}`,
    timeoutMs: 10_000,
  });
  if (result.notRun !== undefined) return `"${check.command}" was not run: ${result.notRun.reason}`;
  return result.exitCode === 0
    ? null
    : `"${check.command}" exited with ${result.exitCode ?? result.signal}: ${result.stderr.trim().slice(-300)}`;
}

/** One GET: null when it was answered with 2xx, else what was observed. */
export function lookByHttp({ address, port }: Endpoint, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request({ host: address, port, path, agent: false, timeout: oneCheckMs }, (response) => {
      const { statusCode = 0 } = response.resume();
      resolve(statusCode >= 200 && statusCode < 300 ? null : `GET ${path} answered ${statusCode}`);
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${oneCheckMs} ms`)));
    asked.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`GET ${path}: ${error.code ?? error.message}`),
    );
    asked.end();
  });
}

/**
 * One connection: null when it is taken, else what was observed.
 * @param heldOpenMs how long it must stay open: a port that something else answers for (a container engine, a load balancer) takes
 *   connections also when nobody is behind it, and closes them a moment later
 */
export function lookByTcp({ address, port }: Endpoint, heldOpenMs = 0): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: oneCheckMs });
    let held: NodeJS.Timeout | undefined;
    const answer = (observed: string | null) => {
      clearTimeout(held);
      socket.destroy();
      resolve(observed);
    };
    socket.once('connect', () => {
      if (heldOpenMs === 0) answer(null);
      else held = setTimeout(() => answer(null), heldOpenMs);
    });
    socket.once('close', () => answer(`port ${port} closes connections at once`));
    socket.once('timeout', () => answer(`connecting to port ${port}: no answer within ${oneCheckMs} ms`));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      answer(`connecting to port ${port}: ${error.code ?? error.message}`),
    );
  });
}
