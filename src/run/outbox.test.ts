import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createOutbox } from './outbox.ts';

it('delivers everything once and in order, in batches', async () => {
  const batches: (readonly number[])[] = [];
  const outbox = createOutbox<number>(5, (batch) => batches.push(batch));
  outbox.push(1);
  outbox.push(2);
  expect(batches).toEqual([]);
  while (batches.length === 0) await sleep(1);
  for (let item = 3; item <= 4502; item++) outbox.push(item);
  outbox.flush();
  outbox.flush();
  expect(batches.map(({ length }) => length)).toEqual([2, 2000, 2000, 500]);
  expect(batches.flat()).toEqual(Array.from({ length: 4502 }, (_, index) => index + 1));
});
