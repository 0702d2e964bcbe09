import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startClock } from './clock.ts';
import { type LagEvent, watchLag } from './lag.ts';

it('says how long the thread stood still, and nothing after the watch has ended', async () => {
  const clock = startClock();
  const seen: LagEvent[] = [];
  const spin = () => {
    const endMs = performance.now() + 150;
    while (performance.now() < endMs);
  };
  {
    using _watch = watchLag('main', clock, (event) => seen.push(event));
    await sleep(30);
    spin();
    while (!seen.some(({ lagNs }) => lagNs > 120e6)) await sleep(5);
  }
  const before = seen.length;
  spin();
  await sleep(30);
  expect(seen.length).toBe(before);
  expect(
    seen.every(
      ({ type, thread, atNs }) => type === 'harness.lag' && thread === 'main' && atNs <= clock.nowNs(),
    ),
  ).toBe(true);
});
