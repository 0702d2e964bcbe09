import type { IncomingMessage } from 'node:http';
import { cachedLookup, freshLookup } from '../clients/dns.ts';
import {
  ExchangeError,
  type HttpRequest,
  type HttpServer,
  keepAliveAgent,
  openExchange,
  placesOf,
  readBody,
} from '../clients/http.ts';
import type { ProbeSpec } from '../definition/observing.ts';
import { type Observation, type Probe, ProbeError, type ProbeTarget } from './probe.ts';

type HttpProbeSpec = Extract<ProbeSpec, { kind: 'http' }>;

/** An answer is read to its end, as a client would, but never more of it than this. */
const boundBytes = 1024 * 1024;

/**
 * Asks a path. `fresh` (the default) looks the name up and connects anew each slot; `pooled` keeps connections alive as
 * applications do, and so shows what they would: a pooled connection to a server that is gone fails once. With `dns` the
 * name is asked of the platform's own server: at each slot, or, pooled, once in its TTL.
 * @throws ProbeError without an address
 */
export function createHttpProbe(target: ProbeTarget, spec: HttpProbeSpec): Probe {
  const { name, address, hosts, dns, tls } = target;
  if (address === null)
    throw new ProbeError(`probe ${name}: role ${spec.role} has no address; name one that the platform has`);
  const pooled = spec.connection === 'pooled';
  const server: HttpServer = {
    name: dns?.name ?? address.name,
    host: address.host,
    port: address.port,
    hosts,
    ...placesOf(address),
    ...(dns !== undefined && { lookup: pooled ? cachedLookup(dns) : freshLookup(dns) }),
    ...(tls !== undefined && { tls }),
  };
  const agent = pooled ? keepAliveAgent(server) : null;
  const request: HttpRequest = {
    method: spec.method ?? 'GET',
    path: spec.path,
    ...(spec.body !== undefined && { body: spec.body }),
    ...(spec.headers !== undefined && { headers: spec.headers }),
    ...(agent !== null && { agent }),
  };
  return {
    async observe(_slot, abort) {
      try {
        const answer = await openExchange(server, request, abort);
        return judge(spec, answer, await readBody(answer, boundBytes, abort));
      } catch (error) {
        if (error instanceof ExchangeError) return { ok: false, detail: error.code };
        throw error;
      }
    },
    async close() {
      agent?.destroy();
    },
  };
}

function judge(spec: HttpProbeSpec, { statusCode = 0 }: IncomingMessage, body: string): Observation {
  const expected =
    spec.status === undefined ? statusCode >= 200 && statusCode < 300 : statusCode === spec.status;
  if (!expected) return { ok: false, detail: `HTTP ${statusCode}` };
  if (spec.contains !== undefined && !body.includes(spec.contains))
    return { ok: false, detail: 'body lacks the expected text' };
  return { ok: true };
}
