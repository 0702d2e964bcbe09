import { isIPv6 } from 'node:net';
import { Redis } from 'ioredis';
import type { RedisLogin } from '../environments/environment.ts';
import { ConnectError, firstThatFits } from './connecting.ts';
import { resolveHost } from './resolve.ts';

/** Where one server listens. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
}

export interface RedisAccess extends Pick<RedisLogin, 'password'> {
  /** Names of the platform → addresses. */
  readonly hosts: { readonly [name: string]: string };
}

export type RedisReply = string | number | null | Error | readonly RedisReply[];

export interface RedisConnection {
  /** `address:port` of the server that this connection ends at. */
  readonly instance: string;
  /** Sends one command. Calls made without waiting between them go out together and are answered in order. @throws the server's refusal, or that the connection is lost */
  call(command: string, ...args: readonly (string | number)[]): Promise<RedisReply>;
  /** False once the connection has ended or failed. */
  alive(): boolean;
  /** Cuts it off, whatever the server does: anything under way on it fails. */
  destroy(): void;
}

/**
 * Connects to one server, and never again by itself: a command that may have been sent is not sent twice, and none is
 * kept for later. An abort cuts it off.
 * @throws ConnectError
 */
export async function connectRedis(
  server: RedisServer,
  { password, hosts }: RedisAccess,
  abort: AbortSignal,
): Promise<RedisConnection> {
  let connection: RedisConnection | null = null;
  let failure: unknown = null;
  const cut = () => connection?.destroy();
  try {
    abort.throwIfAborted();
    abort.addEventListener('abort', cut, { once: true });
    const host = await resolveHost(server.host, hosts, abort);
    const client = newClient(host, server.port);
    client.on('error', (error) => {
      failure = error;
    });
    connection = track(client, isIPv6(host) ? `[${host}]` : host, server.port);
    abort.throwIfAborted();
    await client.connect();
    if (password !== undefined) await connection.call('AUTH', password);
    return connection;
  } catch (error) {
    connection?.destroy();
    throw new ConnectError(abort.aborted ? 'timeout' : redisErrorCode(failure ?? error), error);
  } finally {
    abort.removeEventListener('abort', cut);
  }
}

/**
 * The first server of the list that says it is the primary. One that a partition cut off says so, too: who acknowledged
 * what is for the ledger to keep.
 * @throws ConnectError when none does
 */
export function connectRedisPrimary(
  servers: readonly RedisServer[],
  access: RedisAccess,
  abort: AbortSignal,
): Promise<RedisConnection> {
  return firstThatFits(
    servers,
    {
      connect: (server, either) => connectIfPrimary(server, access, either),
      release: (connection) => connection.destroy(),
    },
    abort,
  );
}

async function connectIfPrimary(
  server: RedisServer,
  access: RedisAccess,
  abort: AbortSignal,
): Promise<RedisConnection> {
  const connection = await connectRedis(server, access, abort);
  const cut = () => connection.destroy();
  abort.addEventListener('abort', cut, { once: true });
  try {
    const role = infoFields(await connection.call('INFO', 'replication')).get('role');
    if (role === 'master') return connection;
    throw new ConnectError(role === 'slave' ? 'replica' : 'no role', undefined);
  } catch (error) {
    connection.destroy();
    if (error instanceof ConnectError) throw error;
    throw new ConnectError(abort.aborted ? 'timeout' : redisErrorCode(error), error);
  } finally {
    abort.removeEventListener('abort', cut);
  }
}

/** Without name, version or protocol handshake: what a connection stands for is asked with commands of our own. */
function newClient(host: string, port: number): Redis {
  return new Redis({
    host,
    port,
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: null,
    connectTimeout: 0, // the abort is the only clock
  });
}

function track(client: Redis, address: string, port: number): RedisConnection {
  let alive = true;
  const over = () => {
    alive = false;
  };
  client.on('close', over);
  client.on('end', over);
  return {
    instance: `${address}:${port}`,
    call: (command, ...args) => client.call(command, ...args) as Promise<RedisReply>,
    alive: () => alive,
    destroy() {
      over();
      client.disconnect();
      client.stream?.destroy();
    },
  };
}

/** The server said no. Anything else says nothing of what it did. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

const longestCode = 60;

/** A system code, the word that Redis begins an error with (`READONLY`), or for its plain `ERR` the whole sentence. */
export function redisErrorCode(error: unknown): string {
  const { code, message = String(error) } = error as { code?: string; message?: string };
  if (isRefusal(error)) {
    const word = /^[A-Z]+/.exec(message)?.[0] ?? 'ERR';
    return word === 'ERR' ? message.slice(0, longestCode) : word;
  }
  if (code !== undefined) return code;
  return message.startsWith('Connection is closed') ? 'connection lost' : message.slice(0, longestCode);
}

/**
 * The fields of an INFO reply: `role` → `master`. A field of several parts has each of them as well: `slave0.offset`.
 */
export function infoFields(reply: RedisReply): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  if (typeof reply !== 'string') return fields;
  for (const line of reply.split(/\r?\n/)) {
    const [, name, value] = /^([^#:][^:]*):(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    fields.set(name, value);
    for (const part of value.split(',')) {
      const [key = '', ...rest] = part.split('=');
      if (rest.length > 0) fields.set(`${name}.${key}`, rest.join('='));
    }
  }
  return fields;
}
