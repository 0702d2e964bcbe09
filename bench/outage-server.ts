import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { startClock } from '../src/run/clock.ts';
import { watchLag } from '../src/run/lag.ts';
import type { Interval } from '../src/timeline/spans.ts';

/** How a server fails: it resets connections, never answers, or answers 503. */
export type OutageMode = 'reset' | 'hang' | 'error';

/** The truth about one outage, on the run's clock: at `upNs` the next request that arrived would have been served. */
export interface Outage {
  readonly downNs: number;
  readonly upNs: number;
}

export interface OutageServerOptions {
  readonly originHr: string;
  readonly mode: OutageMode;
  readonly outages: number;
}

export type OutageServerEvent =
  | { readonly kind: 'listening'; readonly port: number }
  /** `stalls`: when the server's own thread did not run. It served nobody then, whatever it had been told to do. */
  | { readonly kind: 'done'; readonly outages: readonly Outage[]; readonly stalls: readonly Interval[] };

const shortestOutageMs = 60;
const longestOutageMs = 300;
/** Long enough for the bench's recovery rule to hold; the rest is chance, so that outages fall anywhere between slots. */
const shortestUpMs = 200;
const longestUpMs = 240;

const { originHr, mode, outages } = workerData as OutageServerOptions;
const clock = startClock(originHr);
let down = false;

const answer: RequestListener = (request, response) => {
  if (!down) response.end('up');
  else if (mode === 'reset') request.socket.resetAndDestroy();
  else if (mode === 'error') response.writeHead(503).end('down');
};

const stalls: Interval[] = [];
watchLag('main', clock, ({ atNs, lagNs }) => stalls.push({ fromNs: atNs - lagNs, toNs: atNs }));

async function breakAgainAndAgain(): Promise<Outage[]> {
  const truth: Outage[] = [];
  while (truth.length < outages) {
    await sleep(between(shortestUpMs, longestUpMs));
    const downNs = clock.nowNs();
    down = true;
    await sleep(between(shortestOutageMs, longestOutageMs));
    truth.push({ downNs, upNs: clock.nowNs() });
    down = false;
  }
  await sleep(longestUpMs);
  return truth;
}

function between(lowest: number, highest: number): number {
  return lowest + Math.random() * (highest - lowest);
}

function post(event: OutageServerEvent): void {
  parentPort?.postMessage(event);
}

const server: Server = createServer(answer);
server.listen(0, '127.0.0.1', async () => {
  post({ kind: 'listening', port: (server.address() as AddressInfo).port });
  parentPort?.once('message', async () => {
    post({ kind: 'done', outages: await breakAgainAndAgain(), stalls });
    server.closeAllConnections();
    server.close();
  });
});
