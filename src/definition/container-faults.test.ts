import { describe, expect, it } from 'vitest';
import { parseOffset } from './container-faults.ts';

describe('parseOffset', () => {
  it.each([
    ['-1h', -3600],
    ['+90s', 90],
    ['+1h 30m', 5400],
    ['-1500ms', -2],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseOffset(text)).toBe(seconds);
  });

  it.each(['1h', '+0s', '-', '+soon', '', '+200ms'])('%s is none', (text) => {
    expect(parseOffset(text)).toBe(null);
  });
});
