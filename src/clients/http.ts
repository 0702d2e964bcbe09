import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { request as requestOverTls, Agent as TlsAgent } from 'node:https';
import { isIP } from 'node:net';
import { type Lookup, LookupError } from './dns.ts';
import { resolveHost } from './resolve.ts';

/** Where an exchange goes. `name` is what the client calls the server: its Host header. */
export interface HttpServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly hosts: { readonly [name: string]: string };
  /** Where the server is, if that is more than `host` and `port`. */
  readonly places?: Places;
  /** Asks DNS for the address of `name`, in place of `host`. */
  readonly lookup?: Lookup;
  /** Speaks TLS. The server's certificate must be for `name` and signed by this CA (PEM), by no other. */
  readonly tls?: { readonly ca: string };
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** All addresses of a server as one client knows them: it keeps to the one that it found somebody at. */
export class Places {
  #places: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  /** In the order in which the client tries them. */
  get all(): readonly Place[] {
    return this.#places;
  }

  /** Nobody listens there: from now on it is the last one that is tried. */
  refused(place: Place): void {
    this.#places = [...this.#places.filter((each) => each !== place), place];
  }
}

/** Of an address whose component has replicas: what a client of its own knows of them. The one that is meant now comes first. */
export function placesOf({ host, port, replicas }: Place & { readonly replicas?: readonly Place[] }): {
  readonly places?: Places;
} {
  if (replicas === undefined) return {};
  const others = replicas.filter((each) => each.host !== host || each.port !== port);
  return { places: new Places([{ host, port }, ...others]) };
}

/** Keeps connections to this kind of server alive between exchanges. A new one is given the certificate anew: no session is resumed. */
export function keepAliveAgent({ tls }: Pick<HttpServer, 'tls'>): Agent {
  return tls === undefined
    ? new Agent({ keepAlive: true })
    : new TlsAgent({ keepAlive: true, maxCachedSessions: 0 });
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  /** Beside those that every request has, or in place of them. */
  readonly headers?: { readonly [name: string]: string };
  /** Keeps connections alive between exchanges; without one each exchange makes a connection of its own and closes it. */
  readonly agent?: Agent;
}

/** No answer came, or not all of it. `sent`: whether a connection stood, so that the server may have seen the request. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly code: string;
  readonly sent: boolean;

  constructor(code: string, sent: boolean, cause: unknown) {
    super(`no complete answer: ${code}`, { cause });
    this.code = code;
    this.sent = sent;
  }
}

/**
 * Sends one request and resolves with the answer's head; the caller reads the body. No redirect is followed, nothing is
 * sent twice. Where nobody listens, the server's further addresses are tried, as clients do with a name that has several.
 * @throws ExchangeError
 */
export async function openExchange(
  server: HttpServer,
  what: HttpRequest,
  abort: AbortSignal,
): Promise<IncomingMessage> {
  const { places } = server;
  if (places === undefined || server.lookup !== undefined) return exchangeAt(server, what, abort);
  const { all } = places;
  for (const place of all.slice(0, -1)) {
    try {
      return await exchangeAt({ ...server, ...place }, what, abort);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      places.refused(place);
    }
  }
  return exchangeAt({ ...server, ...all.at(-1) }, what, abort);
}

function isRefusal(error: unknown): boolean {
  return error instanceof ExchangeError && error.code === 'ECONNREFUSED' && !error.sent;
}

/**
 * At one address. An abort destroys the connection. It connects to an address, never to a name: so Node's own look-up and its
 * 250 ms limit for each address of a name (`autoSelectFamily`) play no part.
 * @throws ExchangeError
 */
async function exchangeAt(
  server: HttpServer,
  what: HttpRequest,
  abort: AbortSignal,
): Promise<IncomingMessage> {
  const host = await addressOf(server, abort);
  if (abort.aborted) throw new ExchangeError('timeout', false, abort.reason);
  return new Promise((resolve, reject) => {
    let connected = false;
    const { tls } = server;
    const options = {
      host,
      port: server.port,
      method: what.method,
      path: what.path,
      agent: what.agent ?? false,
      signal: abort,
      headers: headersOf(server, what),
    };
    const outgoing =
      tls === undefined
        ? request(options)
        : requestOverTls({ ...options, ...tls, servername: serverName(server) });
    // Before its handshake is over, nothing of a request goes over a TLS connection.
    const stands = tls === undefined ? 'connect' : 'secureConnect';
    outgoing.on('socket', (socket) => {
      if (socket.connecting) socket.once(stands, () => (connected = true));
      else connected = true;
    });
    outgoing.on('response', resolve);
    outgoing.on('error', (error) => reject(new ExchangeError(errorCode(error, abort), connected, error)));
    outgoing.end(what.body);
  });
}

/** An address is no server name (RFC 6066): the certificate must then be for the address that is connected to. */
function serverName({ name }: HttpServer): string {
  return isIP(name) === 0 ? name : '';
}

async function addressOf({ host, hosts, lookup }: HttpServer, abort: AbortSignal): Promise<string> {
  if (abort.aborted) throw new ExchangeError('timeout', false, abort.reason);
  try {
    return await (lookup === undefined ? resolveHost(host, hosts, abort) : lookup(abort));
  } catch (error) {
    // What a look-up says of its own end is more than "time-out": the server was never asked.
    const code = error instanceof LookupError ? error.code : errorCode(error, abort);
    throw new ExchangeError(code, false, error);
  }
}

/**
 * Reads an answer to its end; keeps the text only if asked to.
 * @throws ExchangeError when it is cut off or is longer than `boundBytes`
 */
export async function readBody(
  answer: IncomingMessage,
  boundBytes: number,
  abort: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > boundBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new ExchangeError(errorCode(error, abort), true, error);
  }
  if (length > boundBytes) throw new ExchangeError('body too long', true, undefined);
  return Buffer.concat(chunks).toString('utf8');
}

/** A short, stable name for what went wrong: the system's code where there is one. */
export function errorCode(error: unknown, abort: AbortSignal): string {
  if (abort.aborted) return 'timeout';
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** Header names have no case: the lower one is compared, so that none is sent twice. */
function headersOf({ name, port }: HttpServer, { body, headers = {} }: HttpRequest): OutgoingHttpHeaders {
  const given = Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]);
  return { host: `${name}:${port}`, ...contentHeaders(body), ...Object.fromEntries(given) };
}

function contentHeaders(body: string | undefined): Record<string, string | number> {
  if (body === undefined) return {};
  return {
    'content-type': isJson(body) ? 'application/json' : 'text/plain',
    'content-length': Buffer.byteLength(body),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
