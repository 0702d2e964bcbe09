import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapped } from './wrap.ts';

describe('wrapped', () => {
  it('breaks at spaces, and keeps double ones', () => {
    expect(wrapped('one two  three four', 10)).toEqual(['one two ', 'three four']);
  });

  it('breaks words that do not fit', () => {
    expect(wrapped('x abcdefgh', 4)).toEqual(['x', 'abcd', 'efgh']);
  });

  it('cuts off what is too much', () => {
    expect(wrapped('one two three four', 9, 2)).toEqual(['one two', 'three…']);
    expect(wrapped('abcdefgh', 4, 1)).toEqual(['abc…']);
  });

  it('never makes a line that is too wide', () => {
    fc.assert(
      fc.property(
        fc.lorem({ maxCount: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 5 }),
        (text, width, most) => {
          const lines = wrapped(text, width, most);
          expect(lines.length).toBeLessThanOrEqual(most);
          for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
