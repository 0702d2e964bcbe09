import type { IncomingMessage } from 'node:http';
import { cachedLookup, freshLookup, type Lookup } from '../clients/dns.ts';
import {
  ExchangeError,
  type HttpRequest,
  type HttpServer,
  keepAliveAgent,
  openExchange,
  placesOf,
  readBody,
} from '../clients/http.ts';
import type { LedgerSpec } from '../definition/observing.ts';
import type { Address } from '../environments/environment.ts';
import { formatId, listEntries, parseId } from './id-list.ts';
import { IdSet } from './id-set.ts';
import { type Ack, type Ledger, LedgerError, type LedgerTarget, type WriteId } from './ledger.ts';

/** What an API that takes ids is told. */
export type HttpLedgerSpec = Pick<
  Extract<LedgerSpec, { kind: 'http' }>,
  'write' | 'body' | 'list' | 'headers'
>;

const boundBytes = 1024 * 1024;
/** A list that sends nothing for this long is given up. */
const silenceMs = 60_000;

/**
 * An API that takes ids ("writer-sequence") and lists them. Answers of a write, the server's word being all there is:
 * 2xx is acknowledged; 4xx says that nothing was stored, except 408 and 409, which a server also gives for a write that
 * it did store; a redirect, 5xx, a connection that broke after it stood, or no answer in time prove neither.
 * A connection that never stood cannot have carried the write: failed. With `dns` each writer looks the name up once in its TTL.
 * @throws LedgerError when `write` or `list` is not "METHOD /path", or `write` and `body` have no {id}
 */
export function createHttpLedger(target: LedgerTarget, spec: HttpLedgerSpec): Ledger {
  const agent = keepAliveAgent(target);
  const post = requestOf(target.name, spec.write, spec);
  const list = requestOf(target.name, spec.list, spec);
  const lookupOf = writersLookups(target);
  const places = placesOf(target.address);
  if (!`${spec.write} ${spec.body ?? ''}`.includes('{id}')) {
    throw new LedgerError(
      `ledger ${target.name}: put {id} into the path or the body of "write", or every write is the same`,
    );
  }
  return {
    /** An API that takes ids needs nothing made. */
    async setUp() {},
    write: (id, abort) =>
      send(
        { ...serverOf(target, target.address, lookupOf(id.writer)), ...places },
        { ...fillId(post, spec.body, id), agent },
        abort,
      ),
    readAll: (instance) => readAll(target, instance, list),
    async close() {
      agent.destroy();
    },
  };
}

/** @throws LedgerError when the text is not "METHOD /path" */
export function requestOf(
  name: string,
  text: string,
  { headers }: Pick<HttpLedgerSpec, 'headers'>,
): HttpRequest {
  const match = /^([A-Z]+) (\/\S*)$/.exec(text);
  if (match === null) throw new LedgerError(`ledger ${name}: "${text}" is not of the form "METHOD /path"`);
  return { method: match[1] ?? '', path: match[2] ?? '', ...(headers !== undefined && { headers }) };
}

function fillId(request: HttpRequest, body: string | undefined, id: WriteId): HttpRequest {
  const text = formatId(id);
  const path = request.path.replaceAll('{id}', text);
  return { ...request, path, ...(body !== undefined && { body: body.replaceAll('{id}', text) }) };
}

/** Each writer is a client of its own, with a resolver's cache of its own: together they see a name's weights. */
function writersLookups({ dns }: LedgerTarget): (writer: number) => Lookup | undefined {
  const lookups = new Map<number, Lookup>();
  return (writer) => {
    if (dns !== undefined && !lookups.has(writer)) lookups.set(writer, cachedLookup(dns));
    return lookups.get(writer);
  };
}

function serverOf(
  { hosts, dns, tls }: LedgerTarget,
  { name, host, port }: Address,
  lookup?: Lookup,
): HttpServer {
  const server = { name, host, port, hosts, ...(tls !== undefined && { tls }) };
  return lookup === undefined ? server : { ...server, name: dns?.name ?? name, lookup };
}

async function send(server: HttpServer, request: HttpRequest, abort: AbortSignal): Promise<Ack> {
  try {
    const answer = await openExchange(server, request, abort);
    const instance = `${answer.socket.remoteAddress}:${answer.socket.remotePort}`;
    await readBody(answer, boundBytes, abort);
    const status = answer.statusCode ?? 0;
    const outcome = outcomeOf(status);
    return { outcome, instance, ...(outcome !== 'acked' && { detail: `HTTP ${status}` }) };
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    return { outcome: error.sent ? 'indeterminate' : 'failed', detail: error.code };
  }
}

function outcomeOf(status: number): Ack['outcome'] {
  if (status >= 200 && status < 300) return 'acked';
  const refused = status >= 400 && status < 500 && status !== 408 && status !== 409;
  return refused ? 'failed' : 'indeterminate';
}

/** Whoever is asked for by its role is found as clients find it; another instance is meant itself. */
export function readFrom(target: LedgerTarget, instance: Address): HttpServer {
  const { dns, address } = target;
  const asClients = dns !== undefined && instance.instance === address.instance;
  return { ...serverOf(target, instance, asClients ? freshLookup(dns) : undefined), ...placesOf(instance) };
}

async function* readAll(target: LedgerTarget, instance: Address, list: HttpRequest): AsyncGenerator<WriteId> {
  const ids = new IdSet();
  const abort = new AbortController();
  const noAnswer = setTimeout(() => abort.abort(), silenceMs);
  try {
    const answer = await openExchange(readFrom(target, instance), list, abort.signal);
    clearTimeout(noAnswer);
    if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
    for await (const entry of listEntries(textOf(answer))) {
      const id = parseId(entry);
      if (id !== null) ids.add(id);
    }
  } catch (error) {
    const message = `ledger ${target.name}: ${list.method} ${list.path} of ${instance.instance} could not be read to the end`;
    throw new LedgerError(`${message}: ${(error as Error).message}`, { cause: error });
  } finally {
    clearTimeout(noAnswer);
    abort.abort();
  }
  yield* ids.ordered();
}

async function* textOf(answer: IncomingMessage): AsyncGenerator<string> {
  answer.setEncoding('utf8');
  answer.socket.setTimeout(silenceMs, () =>
    answer.destroy(new Error(`nothing came for ${silenceMs / 1000} s`)),
  );
  yield* answer as AsyncIterable<string>;
}
