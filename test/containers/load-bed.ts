import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadTarget } from '../../src/loads/load.ts';
import { startHttp } from '../conformance/http-server.ts';
import { type OneShotBed, startOneShots } from './one-shot-bed.ts';

export const scripts = join(import.meta.dirname, 'scripts');

/** A real service on this machine that containers reach, and the network they reach it by. */
export interface LoadBed {
  readonly oneShots: OneShotBed;
  /** Answers 200 (GET) or 201 at once. */
  readonly fine: string;
  /** Answers 503. */
  readonly failing: string;
  /** Answers after two seconds. */
  readonly slow: string;
  /** What `fine` was asked: `POST /jobs/…`. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

export async function startLoadBed(prefix: string): Promise<LoadBed> {
  const oneShots = await startOneShots(prefix);
  const requests: string[] = [];
  const answering = (status: (method: string) => number, afterMs = 0) =>
    startHttp(async ({ method = '', url = '' }, response) => {
      requests.push(`${method} ${url}`);
      if (afterMs > 0) await sleep(afterMs);
      response.writeHead(status(method), { 'content-type': 'application/json' });
      response.end(JSON.stringify({ token: 'abc' }));
    }, oneShots.gateway);
  const servers = await Promise.all([
    answering((method) => (method === 'GET' ? 200 : 201)),
    answering(() => 503),
    answering(() => 200, 2000),
  ]);
  const [fine, failing, slow] = servers.map(({ address }) => `http://${address.host}:${address.port}`);
  return {
    oneShots,
    fine: fine ?? '',
    failing: failing ?? '',
    slow: slow ?? '',
    requests,
    async stop() {
      await oneShots.stop();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** A k6 load on this bed. */
export function k6Target(
  { oneShots }: LoadBed,
  script: string,
  env: { readonly [name: string]: string },
  { rate = 20, maxUsers = 20 } = {},
): LoadTarget {
  return {
    name: 'users',
    spec: { kind: 'k6', script, rate, env },
    script,
    maxUsers,
    oneShots,
    redact: (text) => text.replaceAll('hunter2', '***'),
  };
}
