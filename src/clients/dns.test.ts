import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type DnsReply, startDns, type TestDnsServer } from '../../test/conformance/dns-server.ts';
import { cachedLookup, freshLookup, type Lookup, LookupError } from './dns.ts';

const patient = () => AbortSignal.timeout(20_000);

let server: TestDnsServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function codeOf(lookup: Lookup, abort = patient()): Promise<string> {
  const error = await lookup(abort).then(
    (address) => new Error(`found ${address}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LookupError)) throw error;
  return error.code;
}

/** Takes turns, as weighted records do. */
async function turns(ttlSeconds: number): Promise<TestDnsServer> {
  let turn = 0;
  server = await startDns(() => ({ addresses: [`127.0.0.${(turn++ % 2) + 1}`], ttlSeconds }));
  return server;
}

describe('a look-up', () => {
  it('that is fresh asks every time', async () => {
    const lookup = freshLookup((await turns(3600)).question('api.example'));
    const seen = [await lookup(patient()), await lookup(patient()), await lookup(patient())];
    expect(seen).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.1']);
  });

  it('that is cached asks once in the TTL, each for itself', async () => {
    const question = (await turns(3600)).question('api.example');
    const [one, other] = [cachedLookup(question), cachedLookup(question)];
    const seen = [await one(patient()), await one(patient()), await other(patient()), await other(patient())];
    expect(seen).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2']);
  });

  it('that is cached asks again when the TTL is over', async () => {
    const dns = await turns(1);
    const lookup = cachedLookup(dns.question('api.example'));
    const startedMs = performance.now();
    const first = await lookup(patient());
    while ((await lookup(patient())) === first) await sleep(20);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1000);
    expect(dns.asked).toHaveLength(2);
  });

  it('that is cached never caches a TTL of 0, nor a failure', async () => {
    const lookup = cachedLookup((await turns(0)).question('api.example'));
    expect([await lookup(patient()), await lookup(patient())]).toEqual(['127.0.0.1', '127.0.0.2']);
    await server?.stop();
    const replies: DnsReply[] = ['NXDOMAIN', { addresses: ['127.0.0.9'], ttlSeconds: 9 }];
    server = await startDns(() => replies.shift() ?? 'SERVFAIL');
    const later = cachedLookup(server.question('api.example'));
    expect(await codeOf(later)).toBe('NXDOMAIN');
    expect(await later(patient())).toBe('127.0.0.9');
  });

  it.each([
    ['NXDOMAIN', 'NXDOMAIN'],
    ['no data', 'DNS no data'],
    ['SERVFAIL', 'DNS SERVFAIL'],
  ] as const)('answered with %s fails as %s', async (reply, code) => {
    server = await startDns(() => reply);
    expect(await codeOf(freshLookup(server.question('api.example')))).toBe(code);
  });

  it('of another network is reached where that is from here, and nowhere else', async () => {
    const replies = ['10.1.1.5', '10.1.1.6'].map((address) => ({ addresses: [address], ttlSeconds: 0 }));
    server = await startDns(() => replies.shift() ?? 'SERVFAIL');
    const reached = { '10.1.1.5': '127.1.1.1' };
    const lookup = freshLookup({ ...server.question('api.example'), reached });
    expect(await lookup(patient())).toBe('127.1.1.1');
    expect(await codeOf(lookup)).toBe('DNS leads nowhere');
  });

  it('that nobody answers ends at the abort', async () => {
    server = await startDns(() => 'silence');
    expect(await codeOf(freshLookup(server.question('api.example')), AbortSignal.timeout(100))).toBe(
      'DNS timeout',
    );
    expect(await codeOf(freshLookup(server.question('api.example')), AbortSignal.abort())).toBe(
      'DNS timeout',
    );
  });

  it('where no server listens fails, and says of whom what was asked', async () => {
    const gone = await startDns(() => 'silence');
    const question = gone.question('api.example');
    await gone.stop();
    const failure = freshLookup(question)(patient());
    await expect(failure).rejects.toThrow(
      `api.example asked of 127.0.0.1:${question.port}: DNS ECONNREFUSED`,
    );
  });
});
