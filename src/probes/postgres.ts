import { ConnectError } from '../clients/connecting.ts';
import {
  type Connection,
  connect,
  connectReadWrite,
  type PostgresLogin,
  postgresErrorCode,
} from '../clients/postgres.ts';
import type { ProbeSpec } from '../definition/observing.ts';
import type { Address, DatabaseLogin } from '../environments/environment.ts';
import { type Observation, type Probe, ProbeError, type ProbeTarget } from './probe.ts';

type PostgresProbeSpec = Extract<ProbeSpec, { kind: 'postgres' }>;
type Look = (connection: Connection, slot: number) => Promise<Observation>;
type Connect = (abort: AbortSignal) => Promise<Connection>;

/** Slots of one probe write to this many rows in turn: overlapping slots never wait for each other's row lock. */
const rowsPerProbe = 1024;
const undefinedTable = '42P01';
const longestText = 200;

/**
 * Without a query: writes a row and reads it back, over the list of members, wherever one takes writes.
 * With one: asks the role's own instance, or for the role of the primary whichever member is that; the first column of the
 * first row is what was observed.
 * `fresh` (the default) connects each slot, `pooled` keeps connections as applications do.
 * @throws ProbeError when the address has no database login
 */
export function createPostgresProbe(target: ProbeTarget, spec: PostgresProbeSpec): Probe {
  const { address, database } = databaseOf(target, spec);
  const login: PostgresLogin = { ...database, hosts: target.hosts };
  const query = spec.query;
  const open: Connect =
    query === undefined || database.followsPrimary
      ? (abort) => connectReadWrite(database.members, login, abort)
      : (abort) => connect(address, login, abort);
  const look: Look = query === undefined ? writeAndReadBack(target.name) : ask(query);
  const idle: Connection[] | null = spec.connection === 'pooled' ? [] : null;
  return {
    observe: (slot, abort) => observe({ open, look, idle }, slot, abort),
    async close() {
      for (const connection of idle?.splice(0) ?? []) connection.release();
    },
  };
}

function databaseOf(
  { name, address }: ProbeTarget,
  { role }: PostgresProbeSpec,
): { address: Address; database: DatabaseLogin } {
  if (address?.database === undefined) {
    throw new ProbeError(
      `probe ${name}: role ${role} is no database that drillbook can log in to; name the role of one`,
    );
  }
  return { address, database: address.database };
}

interface PostgresProbe {
  readonly open: Connect;
  readonly look: Look;
  /** Connections to use again; null: none ever is. */
  readonly idle: Connection[] | null;
}

async function observe(
  { open, look, idle }: PostgresProbe,
  slot: number,
  abort: AbortSignal,
): Promise<Observation> {
  let connection: Connection | null = null;
  const cut = () => connection?.destroy();
  abort.addEventListener('abort', cut, { once: true });
  try {
    connection = takeIdle(idle) ?? (await open(abort));
    const seen = await look(connection, slot);
    if (idle === null) connection.release();
    else idle.push(connection);
    return seen;
  } catch (error) {
    connection?.destroy();
    if (abort.aborted) return { ok: false, detail: 'timeout' };
    return { ok: false, detail: error instanceof ConnectError ? error.code : postgresErrorCode(error) };
  } finally {
    abort.removeEventListener('abort', cut);
  }
}

function takeIdle(idle: Connection[] | null): Connection | null {
  for (;;) {
    const connection = idle?.pop();
    if (connection === undefined) return null;
    if (connection.alive()) return connection;
  }
}

function ask(query: string): Look {
  return async ({ client }) => {
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' });
    const first = rows[0]?.[0];
    if (first === undefined) return { ok: false, detail: 'no row' };
    return observed(first);
  };
}

/** Numeric text is a number, a truth value 1 or 0; anything else has no number. */
function observed(column: unknown): Observation {
  if (column === null) return { ok: true };
  const text = String(column).slice(0, longestText);
  const value = typeof column === 'boolean' || text.trim() !== '' ? Number(column) : Number.NaN;
  return { ok: true, text, ...(Number.isFinite(value) && { value }) };
}

function writeAndReadBack(probe: string): Look {
  const look: Look = async ({ client }, slot) => {
    const row = slot % rowsPerProbe;
    await client.query(
      `INSERT INTO drillbook_probe AS p (probe, part, slot) VALUES ($1, $2, $3)
       ON CONFLICT (probe, part) DO UPDATE SET slot = excluded.slot`,
      [probe, row, slot],
    );
    const { rows } = await client.query<{ slot: string }>(
      'SELECT slot FROM drillbook_probe WHERE probe = $1 AND part = $2',
      [probe, row],
    );
    const read = rows[0] === undefined ? 'nothing' : rows[0].slot;
    return read === `${slot}` ? { ok: true } : { ok: false, detail: `read back ${read}, wrote ${slot}` };
  };
  return async (connection, slot) => {
    try {
      return await look(connection, slot);
    } catch (error) {
      if (postgresErrorCode(error) !== undefinedTable) throw error;
      await createTable(connection);
      return await look(connection, slot);
    }
  };
}

/** Two slots may find the table missing at once: the lock makes one wait for the other. */
async function createTable({ client }: Connection): Promise<void> {
  await client.query(`
    BEGIN;
    SELECT pg_advisory_xact_lock(hashtext('drillbook_probe'));
    CREATE TABLE IF NOT EXISTS drillbook_probe (probe text, part integer, slot bigint NOT NULL, PRIMARY KEY (probe, part));
    COMMIT`);
}
