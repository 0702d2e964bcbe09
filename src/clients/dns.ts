import { Resolver } from 'node:dns/promises';

/** A name, and the server that is asked for it. Plain JSON. */
export interface DnsQuestion {
  readonly name: string;
  /** Address of the server. */
  readonly host: string;
  readonly port: number;
  /** What is answered → where the same is reached from here, when the server answers for another network; not there: as answered. */
  readonly reached?: { readonly [address: string]: string };
}

/**
 * The address of a name; an abort ends the look-up.
 * @throws LookupError
 */
export type Lookup = (abort: AbortSignal) => Promise<string>;

/** No address came. `code` is short and stable: `NXDOMAIN`, `DNS no data`, `DNS timeout`, `DNS ECONNREFUSED`, `DNS leads nowhere`, … */
export class LookupError extends Error {
  override readonly name = 'LookupError';
  readonly code: string;

  constructor(code: string, { name, host, port }: DnsQuestion, cause: unknown) {
    super(`${name} asked of ${host}:${port}: ${code}`, { cause });
    this.code = code;
  }
}

interface Found {
  readonly address: string;
  readonly ttlSeconds: number;
}

/** Asks anew at each call, and remembers nothing: of weighted records it sees the weights. */
export function freshLookup(question: DnsQuestion): Lookup {
  return async (abort) => (await ask(question, abort)).address;
}

/**
 * Asks again when the TTL of the last answer is over, as a client's resolver does. Failures are not remembered, and an
 * answer is never used beyond its TTL.
 */
export function cachedLookup(question: DnsQuestion): Lookup {
  let known: Found | null = null;
  let untilMs = 0;
  return async (abort) => {
    if (known === null || performance.now() >= untilMs) {
      // The TTL counts from the question: the answer was made some time after it.
      const askedMs = performance.now();
      known = await ask(question, abort);
      untilMs = askedMs + known.ttlSeconds * 1000;
    }
    return known.address;
  };
}

/** A resolver of its own for each question: one that is shared would cancel others' questions, and could cache. */
async function ask(question: DnsQuestion, abort: AbortSignal): Promise<Found> {
  if (abort.aborted) throw new LookupError('DNS timeout', question, abort.reason);
  const resolver = new Resolver();
  resolver.setServers([`${question.host}:${question.port}`]);
  const cancel = () => resolver.cancel();
  abort.addEventListener('abort', cancel, { once: true });
  try {
    const [first] = await resolver.resolve4(question.name, { ttl: true });
    if (first === undefined) throw Object.assign(new Error('the answer is empty'), { code: 'ENODATA' });
    return { address: reachedAt(question, first.address), ttlSeconds: first.ttl };
  } catch (error) {
    if (error instanceof LookupError) throw error;
    throw new LookupError(codeOf(error as NodeJS.ErrnoException), question, error);
  } finally {
    abort.removeEventListener('abort', cancel);
  }
}

/** An address that nobody of the platform has must not be taken for one of this machine's own networks. */
function reachedAt(question: DnsQuestion, address: string): string {
  if (question.reached === undefined) return address;
  const there = question.reached[address];
  if (there === undefined) throw new LookupError('DNS leads nowhere', question, address);
  return there;
}

const codes: { readonly [code: string]: string } = {
  ENOTFOUND: 'NXDOMAIN',
  ENODATA: 'DNS no data',
  ECANCELLED: 'DNS timeout',
  ETIMEOUT: 'DNS timeout',
  ESERVFAIL: 'DNS SERVFAIL',
  EREFUSED: 'DNS REFUSED',
};

function codeOf({ code = 'failed' }: NodeJS.ErrnoException): string {
  return codes[code] ?? `DNS ${code}`;
}
