import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, formatInterval, formatMs, formatShare } from './quantities.ts';

describe('formatInterval', () => {
  it('picks the unit by the upper end', () => {
    expect(formatInterval(2310, 2350)).toBe('2.31–2.35 s');
    expect(formatInterval(340, 360)).toBe('340–360 ms');
    expect(formatInterval(252_300, 252_600)).toBe('4m 12.3s – 4m 12.6s');
    expect(formatInterval(3_599_000, 3_661_000)).toBe('59m 59.0s – 1h 1m 1.0s');
  });

  it('says what is not known', () => {
    expect(formatInterval(null, null)).toBe('not measured');
    expect(formatInterval(12_340, null)).toBe('> 12.34 s');
    expect(formatInterval(null, 500)).toBe('≤ 500 ms');
  });

  it('rounds outwards', () => {
    expect(formatInterval(2314.9, 2341.1)).toBe('2.31–2.35 s');
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 59_000, noNaN: true }),
        fc.double({ min: 0, max: 900, noNaN: true }),
        (lower, width) => {
          const [from, to] = formatInterval(lower, lower + width)
            .replace(/ m?s$/, '')
            .split('–')
            .map(Number);
          const scale = lower + width < 1000 ? 1 : 1000;
          expect((from ?? 0) * scale).toBeLessThanOrEqual(lower + 0.001);
          expect((to ?? from ?? 0) * scale).toBeGreaterThanOrEqual(lower + width - 0.02);
        },
      ),
    );
  });
});

describe('other quantities', () => {
  it('never calls a part the whole', () => {
    expect(formatShare(99_999, 100_000)).toBe('99.99 %');
    expect(formatShare(1, 1_000_000)).toBe('0.01 %');
    expect(formatShare(3, 3)).toBe('100 %');
    expect(formatShare(0, 0)).toBe('–');
  });

  it('counts in words', () => {
    expect(counted(1, 'write')).toBe('1 write');
    expect(counted(12_345, 'write')).toBe('12,345 writes');
  });

  it('shows one duration', () => {
    expect([0.25, 340, 2310, 90_000].map(formatMs)).toEqual(['0.3 ms', '340 ms', '2.31 s', '1m 30s']);
  });
});
