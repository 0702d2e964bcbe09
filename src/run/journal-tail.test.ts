import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTail } from './journal-tail.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-tail-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function tailOf(text: string) {
  const file = join(folder, 'journal.ndjson');
  await writeFile(file, text);
  return readTail(file);
}

describe('readTail', () => {
  it.each([
    ['', 0, []],
    ['{"type":"pl', 0, []],
    ['a\nb\n', 4, ['a', 'b']],
    ['a\nb\ntorn', 4, ['a', 'b']],
  ])('%j: %d whole bytes', async (text, wholeBytes, lines) => {
    expect(await tailOf(text)).toEqual({ wholeBytes, lines });
  });

  it('reads only the end of a long journal, whole lines of it', async () => {
    const line = 'x'.repeat(99);
    const { wholeBytes, lines } = await tailOf(`${`${line}\n`.repeat(2000)}torn`);
    expect(wholeBytes).toBe(200_000);
    expect(lines.length).toBeGreaterThan(600);
    expect(new Set(lines)).toEqual(new Set([line]));
  });

  it('finds the last whole line before a torn one that is longer than what it reads at once', async () => {
    expect((await tailOf(`a\n${'y'.repeat(150_000)}`)).wholeBytes).toBe(2);
  });
});
