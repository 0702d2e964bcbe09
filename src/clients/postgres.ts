import { Socket } from 'node:net';
import { Client } from 'pg';
import type { DatabaseLogin } from '../environments/environment.ts';
import { ConnectError, firstThatFits } from './connecting.ts';
import { resolveHost } from './resolve.ts';

/** Where one server listens: an address, or a folder with its Unix socket (`host` starts with "/"). */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
}

export interface PostgresLogin extends Pick<DatabaseLogin, 'user' | 'password' | 'database'> {
  /** Names of the platform → addresses. */
  readonly hosts: { readonly [name: string]: string };
}

export interface Connection {
  readonly client: Client;
  readonly server: PostgresServer;
  /** False once the connection has ended or failed. */
  alive(): boolean;
  /** Cuts it off, whatever the server does: anything under way on it fails. */
  destroy(): void;
  /** Says goodbye without waiting for an answer. */
  release(): void;
}

/** A server that does not answer a goodbye is left after this. */
const goodbyeMs = 2000;

/** Connects to one server. An abort destroys the socket. @throws ConnectError */
export async function connect(
  server: PostgresServer,
  login: PostgresLogin,
  abort: AbortSignal,
): Promise<Connection> {
  const socket = new Socket();
  const cut = () => socket.destroy();
  try {
    abort.throwIfAborted();
    abort.addEventListener('abort', cut, { once: true });
    const host = server.host.startsWith('/')
      ? server.host
      : await resolveHost(server.host, login.hosts, abort);
    const { user, password, database } = login;
    const client = new Client({
      host,
      port: server.port,
      user,
      password,
      database,
      ssl: false,
      stream: () => socket,
    });
    const connection = track(client, socket, server);
    await client.connect();
    return connection;
  } catch (error) {
    socket.destroy();
    throw new ConnectError(abort.aborted ? 'timeout' : postgresErrorCode(error), error);
  } finally {
    abort.removeEventListener('abort', cut);
  }
}

/**
 * Connects as an application does with a multi-host connection string and `target_session_attrs=read-write`: the first
 * server of the list that takes writes. Unlike libpq it does not wait for a silent server before it tries the next one.
 * @throws ConnectError when none does
 */
export function connectReadWrite(
  servers: readonly PostgresServer[],
  login: PostgresLogin,
  abort: AbortSignal,
): Promise<Connection> {
  return firstThatFits(
    servers,
    {
      connect: (server, either) => connectIfWritable(server, login, either),
      release: (connection) => connection.release(),
    },
    abort,
  );
}

async function connectIfWritable(
  server: PostgresServer,
  login: PostgresLogin,
  abort: AbortSignal,
): Promise<Connection> {
  const connection = await connect(server, login, abort);
  const cut = () => connection.destroy();
  abort.addEventListener('abort', cut, { once: true });
  try {
    const { rows } = await connection.client.query<{ readOnly: boolean }>(
      `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "readOnly"`,
    );
    if (rows[0]?.readOnly === false) return connection;
  } catch (error) {
    connection.destroy();
    throw new ConnectError(postgresErrorCode(error), error);
  } finally {
    abort.removeEventListener('abort', cut);
  }
  connection.release();
  throw new ConnectError('read-only', undefined);
}

function track(client: Client, socket: Socket, server: PostgresServer): Connection {
  let alive = true;
  const over = () => {
    alive = false;
  };
  client.on('error', over);
  client.on('end', over);
  socket.on('close', over);
  const destroy = () => {
    over();
    socket.destroy();
  };
  return {
    client,
    server,
    alive: () => alive,
    destroy,
    release() {
      over();
      socket.setTimeout(goodbyeMs, () => socket.destroy());
      client.end().catch(() => socket.destroy());
    },
  };
}

/** SQLSTATE or system code; a connection that ended without either is `connection lost`. */
export function postgresErrorCode(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== undefined) return code;
  return message?.startsWith('Connection terminated') ? 'connection lost' : (message ?? 'unknown');
}
