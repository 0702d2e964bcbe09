import { randomInt } from 'node:crypto';
import { EnvironmentError } from '../environment.ts';
import { closed, freePort, listenOn, ownerOf, whyNotFree } from './ports.ts';

/**
 * `distinct`: each component has an address of its own in 127.0.0.0/8 and listens on its documented port.
 * `shared`: this machine answers for 127.0.0.1 only (macOS), so all share that and get free ports.
 */
export type Loopback = 'distinct' | 'shared';

/** A name that gets an address, and the port that is documented for it; null = any. */
export interface Listener {
  readonly instance: string;
  readonly port: number | null;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Addresses and ports of one run, its alone until `release`. */
export interface Network {
  readonly loopback: Loopback;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  release(): Promise<void>;
}

/**
 * Whoever listens on this port of a block's first address has the block: two runs that start at the same moment cannot both.
 * The kernel gives it back when the process ends, however it ends.
 */
const guardPort = 61_027;
/** A port that is taken in one block is mostly taken on all addresses: more attempts would not help. */
const attempts = 5;
const firstHost = 10;

/** True where 127.0.0.0/8 is this machine's as a whole. */
export async function loopbackOfThisMachine(): Promise<Loopback> {
  return (await whyNotFree('127.77.77.77', 0)) === 'EADDRNOTAVAIL' ? 'shared' : 'distinct';
}

/**
 * Takes a block `127.x.y` for a run, or free ports of 127.0.0.1.
 * @throws EnvironmentError naming the port that is taken, and by whom where this machine tells
 */
export async function claimNetwork(listeners: readonly Listener[], loopback: Loopback): Promise<Network> {
  if (loopback === 'shared')
    return { loopback, endpoints: await sharedEndpoints(listeners), release: async () => {} };
  let problem: string | null = null;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const block = randomBlock();
    const guard = await listenOn(`${block}.1`, guardPort);
    if ('code' in guard) continue;
    problem = await whyBlockTaken(block, listeners);
    if (problem === null)
      return {
        loopback,
        endpoints: await blockEndpoints(block, listeners),
        release: () => closed(guard.server),
      };
    await closed(guard.server);
  }
  throw new EnvironmentError(
    problem ??
      `no free block of addresses in 127.0.0.0/8 after ${attempts} attempts: are there other runs? "drillbook heal" ends them`,
  );
}

/** Below 127.16 are addresses that machines use themselves (127.0.0.53, 127.0.1.1). */
function randomBlock(): string {
  return `127.${randomInt(16, 255)}.${randomInt(0, 256)}`;
}

function addressIn(block: string, index: number): string {
  return `${block}.${firstHost + index}`;
}

async function whyBlockTaken(block: string, listeners: readonly Listener[]): Promise<string | null> {
  for (const [index, { instance, port }] of listeners.entries()) {
    if (port === null) continue;
    const reason = await whyPortTaken(addressIn(block, index), port);
    if (reason !== null) return `${instance}: ${reason}`;
  }
  return null;
}

/** A sentence that says why nothing can listen there and what to do, or null when it can. */
export async function whyPortTaken(address: string, port: number): Promise<string | null> {
  const code = await whyNotFree(address, port);
  if (code === null) return null;
  if (code !== 'EADDRINUSE') return `port ${port} cannot be listened on (${code})`;
  const owner = ownerOf(address, port);
  const by = owner === null ? 'another process' : `${owner.title.slice(0, 80)} (pid ${owner.pid})`;
  return `port ${port} is taken on all addresses by ${by}: end it, bind it to 127.0.0.1, or give the component another port in the platform file`;
}

async function blockEndpoints(
  block: string,
  listeners: readonly Listener[],
): Promise<ReadonlyMap<string, Endpoint>> {
  const entries = listeners.map(async ({ instance, port }, index) => {
    const address = addressIn(block, index);
    return [instance, { address, port: port ?? (await freePort(address)) }] as const;
  });
  return new Map(await Promise.all(entries));
}

/** All ports are held until the last one is found, so that they differ. */
async function sharedEndpoints(listeners: readonly Listener[]): Promise<ReadonlyMap<string, Endpoint>> {
  const address = '127.0.0.1';
  const held = await Promise.all(listeners.map(() => listenOn(address, 0)));
  const endpoints = listeners.map(({ instance }, index) => {
    const listening = held[index];
    if (listening === undefined || 'code' in listening)
      throw new EnvironmentError(`no free port on ${address}`);
    return [instance, { address, port: listening.port }] as const;
  });
  await Promise.all(held.map((listening) => ('server' in listening ? closed(listening.server) : null)));
  return new Map(endpoints);
}
