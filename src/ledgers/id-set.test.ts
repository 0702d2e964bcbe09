import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

it('gives back every id and every copy, in order', () => {
  const ids = fc.array(fc.record({ writer: fc.nat(4), seq: fc.oneof(fc.nat(20_000), fc.maxSafeNat()) }), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(ids, (given) => {
      const set = new IdSet();
      for (const id of given) set.add(id);
      expect([...set.ordered()]).toEqual(given.toSorted((a, b) => a.writer - b.writer || a.seq - b.seq));
    }),
  );
});
