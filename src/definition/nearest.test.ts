import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

describe('nearest', () => {
  const names = ['primary-killed', 'replication-held', 'rto'];

  it.each([
    ['primary-kiled', 'primary-killed'],
    ['PRIMARY-KILLED', 'primary-killed'],
    ['primary', 'primary-killed'],
    ['held', 'replication-held'],
    ['rt', 'rto'],
  ])('%s is meant to be %s', (written, meant) => expect(nearest(written, names)).toBe(meant));

  it.each(['database', 'xyz', ''])('nothing is near %j', (written) =>
    expect(nearest(written, names)).toBeNull(),
  );
});
