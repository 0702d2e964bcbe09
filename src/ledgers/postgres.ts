import Cursor from 'pg-cursor';
import { ConnectError } from '../clients/connecting.ts';
import {
  type Connection,
  connect,
  connectReadWrite,
  type PostgresLogin,
  postgresErrorCode,
} from '../clients/postgres.ts';
import type { Address, DatabaseLogin } from '../environments/environment.ts';
import { type Ack, type Ledger, LedgerError, type LedgerTarget, type WriteId } from './ledger.ts';

/**
 * The index is not unique, on purpose: a unique one would refuse a second copy of a write, and a duplicate is one of the
 * anomalies that a ledger is there to show.
 */
const setUpTable = `
  CREATE TABLE IF NOT EXISTS drillbook_ledger
    (writer integer NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
  CREATE INDEX IF NOT EXISTS drillbook_ledger_order ON drillbook_ledger (writer, seq);
  TRUNCATE drillbook_ledger`;

/**
 * The time line comes from the WAL position, in the round trip of the write itself: control data would show the old one
 * until the first checkpoint after a promotion. The server's own idea of its address tells the two sides of a split
 * brain apart even behind one name.
 */
const insert = `
  INSERT INTO drillbook_ledger (writer, seq) VALUES ($1, $2)
  RETURNING substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS "timeLine",
            host(inet_server_addr()) || ':' || inet_server_port() AS instance`;

const setUpWithinMs = 10_000;
/** Rows fetched at a time: what a read keeps in memory, whatever the table's length. */
const rowsPerFetch = 5000;
/** Between two fetches; the first includes any sorting. */
const fetchWithinMs = 60_000;

/**
 * Error classes after which the transaction may yet have been committed: connection (08), resources such as a full disk,
 * which can end a server in the midst of a commit (53, 58), operator (57: a cancel or a shutdown also ends the wait for
 * a synchronous replica, when the commit stands locally) and internal errors (XX).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const mayBeCommitted = /^(?:08|53|57|58|XX|40003)/;
/** SQLSTATE or a code of the protocol's: anything else (`ECONNRESET`, `connection lost`) came from no server. */
const sqlState = /^[0-9A-Z]{5}$/;

interface WriterConnection {
  readonly connection: Connection;
  /** Code of a warning the server sent during the write under way. */
  warning: string | null;
}

/**
 * One row a write in `drillbook_ledger`, one connection a writer, wherever a member of the cluster takes writes.
 * A write is `acked` when the server said so without a warning: PostgreSQL answers a write whose wait for a synchronous
 * replica was cancelled with success and a warning, and then nobody knows whether a replica has it.
 * @throws LedgerError when the address has no database login
 */
export function createPostgresLedger(target: LedgerTarget): Ledger {
  const database = databaseOf(target, target.address);
  const login: PostgresLogin = { ...database, hosts: target.hosts };
  const writers = new Map<number, WriterConnection>();
  return {
    setUp: () => setUp(target.name, database, login),
    write: (id, abort) => write({ writers, login, database }, id, abort),
    readAll: (instance) => readAll(target, instance),
    async close() {
      for (const { connection } of writers.values()) connection.release();
      writers.clear();
    },
  };
}

function databaseOf({ name, spec, address }: LedgerTarget, instance: Address): DatabaseLogin {
  const database = instance.database ?? address.database;
  if (database !== undefined) return database;
  throw new LedgerError(
    `ledger ${name}: role ${spec.role} is no database that drillbook can log in to; name the role of one`,
  );
}

async function setUp(name: string, { members }: DatabaseLogin, login: PostgresLogin): Promise<void> {
  try {
    const connection = await connectReadWrite(members, login, AbortSignal.timeout(setUpWithinMs));
    await connection.client.query(setUpTable).finally(() => connection.release());
  } catch (error) {
    throw new LedgerError(
      `ledger ${name}: cannot make its table drillbook_ledger: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

interface Writing {
  readonly writers: Map<number, WriterConnection>;
  readonly login: PostgresLogin;
  readonly database: DatabaseLogin;
}

async function write(writing: Writing, id: WriteId, abort: AbortSignal): Promise<Ack> {
  let own: WriterConnection;
  try {
    own = await connectionOf(writing, id.writer, abort);
  } catch (error) {
    return {
      outcome: 'failed',
      detail: error instanceof ConnectError ? error.code : postgresErrorCode(error),
    };
  }
  const ack = await send(own, id, abort);
  if (ack.outcome !== 'acked') {
    writing.writers.delete(id.writer);
    own.connection.destroy();
  }
  return ack;
}

async function connectionOf(
  { writers, login, database }: Writing,
  writer: number,
  abort: AbortSignal,
): Promise<WriterConnection> {
  const known = writers.get(writer);
  if (known?.connection.alive()) return known;
  const own: WriterConnection = {
    connection: await connectReadWrite(database.members, login, abort),
    warning: null,
  };
  own.connection.client.on('notice', ({ code }) => {
    if (code?.startsWith('01')) own.warning = code;
  });
  writers.set(writer, own);
  return own;
}

async function send(own: WriterConnection, { writer, seq }: WriteId, abort: AbortSignal): Promise<Ack> {
  const cut = () => own.connection.destroy();
  abort.addEventListener('abort', cut, { once: true });
  own.warning = null;
  try {
    const { rows } = await own.connection.client.query<{ timeLine: string; instance: string | null }>(
      insert,
      [writer, seq],
    );
    const { host, port } = own.connection.server;
    const answered = {
      instance: rows[0]?.instance ?? `${host}:${port}`,
      timeLine: Number.parseInt(rows[0]?.timeLine ?? '', 16),
    };
    if (own.warning !== null)
      return { outcome: 'indeterminate', detail: `warning ${own.warning}`, ...answered };
    return { outcome: 'acked', ...answered };
  } catch (error) {
    return refused(abort.aborted ? 'timeout' : postgresErrorCode(error));
  } finally {
    abort.removeEventListener('abort', cut);
  }
}

/** Only an answer of the server can say that a write did not happen. */
function refused(code: string): Ack {
  const certain = sqlState.test(code) && !mayBeCommitted.test(code);
  return { outcome: certain ? 'failed' : 'indeterminate', detail: code };
}

async function* readAll(target: LedgerTarget, instance: Address): AsyncGenerator<WriteId> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), fetchWithinMs);
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), fetchWithinMs);
  };
  let connection: Connection | null = null;
  abort.signal.addEventListener('abort', () => connection?.destroy(), { once: true });
  try {
    connection = await connect(
      instance,
      { ...databaseOf(target, instance), hosts: target.hosts },
      abort.signal,
    );
    const cursor = connection.client.query(
      new Cursor<[number, string]>('SELECT writer, seq FROM drillbook_ledger ORDER BY writer, seq', [], {
        rowMode: 'array',
      }),
    );
    for (;;) {
      restart();
      const rows = await cursor.read(rowsPerFetch);
      if (rows.length === 0) return;
      for (const [writer, seq] of rows) yield { writer, seq: Number(seq) };
    }
  } catch (error) {
    const why = abort.signal.aborted
      ? `nothing came for ${fetchWithinMs / 1000} s`
      : (error as Error).message;
    throw new LedgerError(
      `ledger ${target.name}: ${instance.instance} could not be read to the end: ${why}`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    connection?.destroy();
  }
}
