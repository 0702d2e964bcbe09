import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Capture, keptBytes } from './capture.ts';

function captured(chunks: readonly (string | Buffer)[], secrets: readonly string[] = []) {
  const capture = new Capture();
  for (const chunk of chunks) capture.add(Buffer.from(chunk));
  return capture.read(secrets);
}

describe('Capture', () => {
  it('keeps a short output whole, binary and NUL included', () => {
    expect(captured(['a\0', 'b\x1b[1m\n'])).toEqual({ text: 'a\0b\x1b[1m\n', truncatedBytes: 0 });
  });

  it('puts a character together that arrived in two chunks', () => {
    const bytes = Buffer.from('é');
    expect(captured([bytes.subarray(0, 1), bytes.subarray(1)]).text).toBe('é');
  });

  it('keeps both ends of a long one and counts the rest', () => {
    for (const length of [2 * keptBytes + 1, 3 * keptBytes, 5 * keptBytes, 40 * keptBytes]) {
      const { text, truncatedBytes } = captured(['first', 'x'.repeat(length - 9), 'last']);
      expect(truncatedBytes).toBe(length - 2 * keptBytes);
      expect(text.startsWith('first')).toBe(true);
      expect(text.endsWith('last')).toBe(true);
      expect(text.length).toBeLessThan(2 * keptBytes + 100);
    }
  });

  it('finds a secret across chunks', () => {
    expect(captured(['pass: hun', 'ter', '2222!'], ['hunter2222']).text).toBe('pass: [redacted]!');
  });

  it('never shows any part of a secret, wherever chunks and cuts fall', () => {
    const secret = 'c0rrecthorse';
    const place = fc.integer({ min: keptBytes - 20, max: keptBytes + 20 });
    fc.assert(
      fc.property(place, place, fc.integer({ min: 1, max: 5000 }), (fromStart, fromEnd, size) => {
        const text = `${'-'.repeat(fromStart)}${secret}${'-'.repeat(keptBytes)}${secret}${'-'.repeat(fromEnd)}`;
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        // The note's own words and figures ("32700") are no part of the secret.
        const shown = captured(chunks, [secret]).text.replace(/… \d+ bytes left out …|redacted/g, '');
        expect(shown).not.toMatch(/[a-z0]{2}/);
      }),
      { numRuns: 60, examples: [[keptBytes - 20, keptBytes - 72, 500]] },
    );
  });
});
