import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startDns } from '../../test/conformance/dns-server.ts';
import { addressOf, startHttp } from '../../test/conformance/http-server.ts';
import type { LedgerSpec } from '../definition/observing.ts';
import type { Address } from '../environments/environment.ts';
import { createLedger } from './index.ts';
import type { LedgerTarget } from './ledger.ts';

const spec: LedgerSpec = {
  kind: 'http',
  role: 'api',
  write: 'POST /ids',
  body: '{"id":"{id}"}',
  list: 'GET /ids',
};
const target = (address: Address, given: LedgerSpec = spec): LedgerTarget => ({
  name: 'orders',
  spec: given,
  address,
  hosts: {},
});

async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function writeOnce(at: Address) {
  const ledger = createLedger(target(at));
  return await ledger.write({ writer: 3, seq: 4 }, AbortSignal.timeout(20_000)).finally(() => ledger.close());
}

describe('what an answer proves', () => {
  it.each([
    [200, 'acked'],
    [201, 'acked'],
    [204, 'acked'],
    [303, 'indeterminate'],
    [400, 'failed'],
    [404, 'failed'],
    [408, 'indeterminate'],
    [409, 'indeterminate'],
    [429, 'failed'],
    [500, 'indeterminate'],
    [503, 'indeterminate'],
  ])('HTTP %i: %s', async (status, outcome) => {
    const server = await startHttp((_, response) => void response.writeHead(status).end());
    expect((await writeOnce(server.address)).outcome).toBe(outcome);
    await server.stop();
  });

  it('a connection that breaks after the request went out: indeterminate', async () => {
    const server = createServer(
      (socket) => void socket.on('error', () => {}).once('data', () => socket.destroy()),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await writeOnce(addressOf('127.0.0.1', port))).toEqual({
      outcome: 'indeterminate',
      detail: 'ECONNRESET',
    });
    server.close();
  });
});

describe('the http ledger', () => {
  it('sends the id where the platform file puts it', async () => {
    const seen: string[] = [];
    const server = await startHttp((request, response) => {
      request
        .setEncoding('utf8')
        .on('data', (text: string) => seen.push(`${request.method} ${request.url} ${text}`));
      request.on('end', () => response.end());
    });
    await writeOnce(server.address);
    await server.stop();
    expect(seen).toEqual(['POST /ids {"id":"3-4"}']);
  });

  it('looks a name up for each writer, once in its TTL, and lists by the name', async () => {
    let turn = 0;
    const dns = await startDns(() => ({ addresses: [`127.0.0.${(turn++ % 2) + 1}`], ttlSeconds: 3600 }));
    const seen: (string | undefined)[] = [];
    const server = await startHttp(({ socket, headers }, response) => {
      seen.push(socket.localAddress);
      response.end(headers['x-tenant'] === 't' ? '["0-1"]' : '[]');
    }, '0.0.0.0');
    const named = target(server.address, { ...spec, headers: { 'X-Tenant': 't' } } as LedgerSpec);
    const ledger = createLedger({ ...named, dns: dns.question('api.example') });
    for (const [writer, seq] of [
      ...[
        [0, 1],
        [0, 2],
      ],
      ...[
        [1, 1],
        [1, 2],
      ],
    ] as const) {
      const { outcome } = await ledger.write({ writer, seq }, AbortSignal.timeout(20_000));
      expect(outcome).toBe('acked');
    }
    expect(seen).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2']);
    expect(await allOf(ledger.readAll(server.address))).toEqual([{ writer: 0, seq: 1 }]);
    expect(seen.at(-1)).toBe('127.0.0.1');
    const itself = { ...server.address, instance: 'api-2', host: '127.0.0.3' };
    await allOf(ledger.readAll(itself));
    expect([seen.at(-1), turn]).toEqual(['127.0.0.3', 3]);
    await ledger.close();
    await Promise.all([server.stop(), dns.stop()]);
  });

  it('refuses a description that would write the same id for ever', () => {
    const { body: _, ...without } = spec as Extract<LedgerSpec, { kind: 'http' }>;
    expect(() => createLedger(target(addressOf('127.0.0.1', 1), without))).toThrow('{id}');
    expect(() => createLedger(target(addressOf('127.0.0.1', 1), { ...without, write: 'post it' }))).toThrow(
      'METHOD /path',
    );
  });

  it('does not take a list that is cut off for a whole one', async () => {
    const server = await startHttp((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('0-1\n0-2\n', () => response.destroy());
    });
    const read = async () => {
      for await (const id of createLedger(target(server.address)).readAll(server.address))
        expect(id).toBeDefined();
    };
    await expect(read()).rejects.toThrow('could not be read to the end');
    await server.stop();
  });
});
