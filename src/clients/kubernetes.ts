import { type IncomingMessage, Agent as PlainAgent, request as requestInPlain } from 'node:http';
import { Agent, request } from 'node:https';

/** How a cluster's API is spoken to: plain JSON. It has keys: in memory only, never journaled. */
export interface ClusterAccess {
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** PEM; not there: certificates that this machine trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the server's certificate is for, where that is not its host. */
  readonly serverName?: string;
  readonly skipVerify?: boolean;
  /** Such as a bearer token. */
  readonly headers?: { readonly [name: string]: string };
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiRequest {
  readonly method: string;
  /** From the root of the server's URL, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Of the body; default application/json. */
  readonly contentType?: string;
}

/** Connections to one API server, kept alive between requests. */
export interface ApiConnections {
  /** @throws ApiUnreachable when no whole answer came before the abort */
  ask(asked: ApiRequest, abort: AbortSignal): Promise<ApiAnswer>;
  close(): void;
}

/** No answer, or not all of one. `code` is short and stable: `ECONNREFUSED`, `timeout`. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** More than a list of all pods of a small cluster has, less than what would fill the memory. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Plain JSON over HTTPS, with nothing of a library between: objects come and go as they are. A library that knows the types of
 * objects drops what it does not know, and patches are no objects.
 */
export function apiConnections(access: ClusterAccess): ApiConnections {
  const { server, ca, cert, key, serverName, skipVerify, headers } = access;
  const base = new URL(server);
  const plain = base.protocol === 'http:';
  const agent = plain
    ? new PlainAgent({ keepAlive: true })
    : new Agent({
        keepAlive: true,
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
        ...(serverName !== undefined && { servername: serverName }),
        ...(skipVerify === true && { rejectUnauthorized: false }),
      });
  const prefix = base.pathname.replace(/\/$/, '');
  return {
    ask: ({ method, path, body, contentType = 'application/json' }, abort) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const sent = (plain ? requestInPlain : request)({
          agent,
          host: base.hostname.replace(/^\[|\]$/g, ''),
          port: base.port || (plain ? 80 : 443),
          method,
          path: `${prefix}${path}`,
          headers: {
            ...headers,
            accept: 'application/json',
            // Node itself says no length of what a DELETE sends, which would be taken for the next request.
            ...(text !== undefined && {
              'content-type': contentType,
              'content-length': Buffer.byteLength(text),
            }),
          },
          signal: abort,
        });
        const fail = (error: unknown) => reject(unreachable(error, abort));
        sent.once('error', fail);
        sent.once('response', (answer) => read(answer).then(resolve, fail));
        sent.end(text);
      }),
    close: () => agent.destroy(),
  };
}

function unreachable(error: unknown, abort: AbortSignal): ApiUnreachable {
  if (error instanceof ApiUnreachable) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new ApiUnreachable(abort.aborted ? 'timeout' : (code ?? message), error);
}

async function read(answer: IncomingMessage): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > mostBytes) throw new ApiUnreachable('answer too long');
  }
  return { status: answer.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString('utf8')) };
}

/** Proxies and servers that are about to end answer in words. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
