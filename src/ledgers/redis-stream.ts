import {
  connectRedis,
  infoFields,
  type RedisAccess,
  type RedisConnection,
  type RedisReply,
} from '../clients/redis.ts';
import type { Address } from '../environments/environment.ts';
import { parseId } from './id-list.ts';
import { IdSet } from './id-set.ts';
import { LedgerError, type WriteId } from './ledger.ts';

/** Entries asked for at a time. */
const entriesPerPage = 2000;
/** A server that sends nothing for this long is given up. */
const silenceMs = 60_000;

/**
 * The ids in a stream of one server, in the order of ids.
 * @throws LedgerError when it cannot be read to its end, or became another one meanwhile: a replica that takes over
 *   everything from its primary again, or a promotion, would make one list of two histories
 */
export async function* readStream(
  ledger: string,
  key: string,
  instance: Address,
  access: RedisAccess,
): AsyncGenerator<WriteId> {
  const ids = new IdSet();
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), silenceMs);
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), silenceMs);
  };
  let connection: RedisConnection | null = null;
  abort.signal.addEventListener('abort', () => connection?.destroy(), { once: true });
  try {
    connection = await connectRedis(instance, access, abort.signal);
    const before = await stateOf(connection, key);
    let read = 0;
    for await (const page of pages(connection, key)) {
      restart();
      for (const text of page) {
        read++;
        const id = parseId(text);
        if (id !== null) ids.add(id);
      }
    }
    mustBeWhole(before, await stateOf(connection, key), read);
  } catch (error) {
    const why = abort.signal.aborted ? `nothing came for ${silenceMs / 1000} s` : (error as Error).message;
    throw new LedgerError(
      `ledger ${ledger}: stream ${key} of ${instance.instance} could not be read to the end: ${why}`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    connection?.destroy();
  }
  yield* ids.ordered();
}

interface StreamState {
  readonly length: number;
  readonly replicationId: string;
}

async function stateOf(connection: RedisConnection, key: string): Promise<StreamState> {
  const [length, info] = await Promise.all([
    connection.call('XLEN', key),
    connection.call('INFO', 'replication'),
  ]);
  return { length: Number(length), replicationId: infoFields(info).get('master_replid') ?? '' };
}

function mustBeWhole(before: StreamState, after: StreamState, read: number): void {
  if (before.replicationId !== after.replicationId)
    throw new Error('its server began another history while it was read');
  if (read < before.length || after.length < before.length)
    throw new Error(`it had ${before.length} entries and ${read} of them could be read`);
}

/** The texts of the entries, a page at a time. */
async function* pages(connection: RedisConnection, key: string): AsyncGenerator<readonly string[]> {
  let from = '-';
  for (;;) {
    const reply = await connection.call('XRANGE', key, from, '+', 'COUNT', entriesPerPage);
    const entries = (Array.isArray(reply) ? reply : []) as readonly RedisReply[];
    yield entries.map(textOf);
    if (entries.length < entriesPerPage) return;
    from = `(${(entries.at(-1) as readonly RedisReply[])[0]}`;
  }
}

/** An entry is its place in the stream and a list of fields and values, of which there is one: the id. */
function textOf(entry: RedisReply): string {
  const fields = Array.isArray(entry) ? (entry[1] as RedisReply) : null;
  return Array.isArray(fields) ? String(fields[1]) : '';
}
