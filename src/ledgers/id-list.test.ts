import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatId, listEntries, parseId } from './id-list.ts';

async function entries(...pieces: string[]): Promise<string[]> {
  async function* stream() {
    yield* pieces;
  }
  const all: string[] = [];
  for await (const entry of listEntries(stream())) all.push(entry);
  return all;
}

/** The same text in pieces of every length a test asks for. */
function cut(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

describe('a list of ids', () => {
  it('is one a line', async () => {
    expect(await entries('0-1\r\n0-2\n', '\n1-', '7')).toEqual(['0-1', '0-2', '1-7']);
  });

  it('is a JSON array of strings', async () => {
    expect(await entries('[ "0-1",\n"a \\"b\\"', ' , ]" , "1', '-7" ]\n')).toEqual([
      '0-1',
      'a "b" , ]',
      '1-7',
    ]);
    expect(await entries('[]')).toEqual([]);
    expect(await entries(' [ ', ' ] ')).toEqual([]);
  });

  it('is empty', async () => {
    expect(await entries()).toEqual([]);
    expect(await entries('\n')).toEqual([]);
  });

  it('reads the same however it is cut', async () => {
    const ids = fc.array(fc.string({ maxLength: 12 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(ids, fc.integer({ min: 1, max: 9 }), async (given, length) => {
        expect(await entries(...cut(JSON.stringify(given, null, given.length % 2), length))).toEqual(given);
      }),
      { numRuns: 100 },
    );
  });

  it('is not half a JSON array', async () => {
    await expect(entries('["0-1","0-2"')).rejects.toThrow('no end');
    await expect(entries('["0-1","0-')).rejects.toThrow('no end');
    await expect(entries('[')).rejects.toThrow('no end');
  });

  it('is not a page or an object', async () => {
    await expect(entries('<!doctype html>')).rejects.toThrow('neither');
    await expect(entries('{"error":"no"}')).rejects.toThrow('neither');
    await expect(entries('[1, 2]')).rejects.toThrow('no string');
    await expect(entries('["0-1", {"id":"0-2"}]')).rejects.toThrow('no string');
  });
});

describe('an id', () => {
  it('survives the way through an API', () => {
    expect(parseId(formatId({ writer: 3, seq: 9_000_000 }))).toEqual({ writer: 3, seq: 9_000_000 });
  });

  it('is nothing else', () => {
    for (const text of ['', '3', '3-', '-3-4', '3-4-5', 'order-3', '3-99999999999999999999'])
      expect(parseId(text)).toBeNull();
  });
});
