import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nowhere, startHttp } from '../../../test/conformance/http-server.ts';
import type { LedgerTarget, WriteId } from '../../ledgers/ledger.ts';
import { inParts, readBack } from './read-back.ts';

async function* stream(ids: readonly WriteId[]) {
  yield* ids;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const ids = (writer: number, ...seqs: number[]) => seqs.map((seq) => ({ writer, seq }));

describe('ids as ranges', () => {
  it('joins neighbours and names duplicates', async () => {
    expect(await collect(inParts(stream([...ids(0, 1, 2, 3, 3, 7, 8), ...ids(4, 1)])))).toEqual([
      {
        writer: 0,
        ids: 6,
        ranges: [
          [1, 3],
          [7, 8],
        ],
        duplicates: [3],
      },
      { writer: 4, ids: 1, ranges: [[1, 1]] },
    ]);
  });

  it('ends a part after some hundred ranges', async () => {
    const odd = Array.from({ length: 1200 }, (_, index) => index * 2 + 1);
    const parts = await collect(inParts(stream(ids(0, ...odd))));
    expect(parts.map(({ ranges }) => ranges.length)).toEqual([500, 500, 200]);
  });

  it('refuses ids out of order', async () => {
    await expect(collect(inParts(stream(ids(0, 2, 1))))).rejects.toThrow('not in order');
    await expect(collect(inParts(stream([...ids(1, 1), ...ids(0, 1)])))).rejects.toThrow('not in order');
  });

  it('keeps every id and every copy', async () => {
    const written = fc.array(fc.record({ writer: fc.nat(3), seq: fc.integer({ min: 1, max: 3000 }) }), {
      maxLength: 400,
    });
    await fc.assert(
      fc.asyncProperty(written, async (given) => {
        const sorted = given.toSorted((a, b) => a.writer - b.writer || a.seq - b.seq);
        const parts = await collect(inParts(stream(sorted)));
        const found = parts.flatMap(({ writer, ranges, duplicates = [] }) => {
          const once = ranges.flatMap(([from, to]) =>
            Array.from({ length: to - from + 1 }, (_, index) => from + index),
          );
          return [...once, ...duplicates].toSorted((a, b) => a - b).map((seq) => ({ writer, seq }));
        });
        expect(found).toEqual(sorted);
        expect(parts.reduce((sum, part) => sum + part.ids, 0)).toBe(sorted.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('read back', () => {
  const spec = { kind: 'http', role: 'api', write: 'PUT /{id}', list: 'GET /' } as const;
  const read = async (target: LedgerTarget) => {
    const events: { type: string }[] = [];
    const emit = async (event: { type: string }) => void events.push(event);
    const complete = await readBack({ target, instance: target.address, why: 'survivor', read: 'r1', emit });
    return { complete, events };
  };

  it('journals what an instance holds', async () => {
    const server = await startHttp((_, response) => void response.end('0-2\n0-1\n1-9\n'));
    const { complete, events } = await read({ name: 'orders', spec, address: server.address, hosts: {} });
    await server.stop();
    expect(complete).toBe(true);
    expect(events).toEqual([
      { type: 'ledger.read', ledger: 'orders', read: 'r1', instance: 'api', why: 'survivor' },
      { type: 'ledger.ids', ledger: 'orders', read: 'r1', writer: 0, ranges: [[1, 2]] },
      { type: 'ledger.ids', ledger: 'orders', read: 'r1', writer: 1, ranges: [[9, 9]] },
      { type: 'ledger.read-end', ledger: 'orders', read: 'r1', rows: 3 },
    ]);
  });

  it('journals that it failed', async () => {
    const { complete, events } = await read({ name: 'orders', spec, address: await nowhere(), hosts: {} });
    expect(complete).toBe(false);
    expect(events.map(({ type }) => type)).toEqual(['ledger.read', 'ledger.read-failed']);
  });
});
