import { describe, expect, it } from 'vitest';
import { overlaps, randomSubnet } from './networks.ts';

describe('the network of a run', () => {
  it('is at random in 10.100.0.0 to 10.249.255.0', () => {
    for (let i = 0; i < 100; i++) expect(randomSubnet()).toMatch(/^10\.(1\d\d|2[0-4]\d)\.\d{1,3}$/);
  });

  it.each([
    ['10.100.7.0/24', true],
    ['10.100.7.128/25', true],
    ['10.100.0.0/16', true],
    ['10.0.0.0/8', true],
    ['10.96.0.0/12', true],
    ['10.100.4.0/22', true],
    ['10.100.8.0/24', false],
    ['10.64.0.0/12', false],
    ['172.17.0.0/16', false],
    ['fd00::/64', false],
  ])('10.100.7 overlaps %s: %s', (other, expected) => expect(overlaps('10.100.7', other)).toBe(expected));
});
