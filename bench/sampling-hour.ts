import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { startClock } from '../src/run/clock.ts';
import { openJournal } from '../src/run/journal.ts';
import { threadLimits } from '../src/run/thread.ts';
import { periodNs, type SimulatedEvent, type Stride, simulatedProbes } from './simulated-sampler.ts';

/** The program that `benchSamplingMemory` runs in a process of its own. Its last output line is an HourOfSampling. */
export interface HourOfSampling {
  readonly slots: number;
  /** Memory of the whole process, thread included, every six simulated minutes, in megabytes. */
  readonly rssMb: readonly number[];
  /** What both threads' heaps hold once all garbage is collected, after half an hour and after the whole, in megabytes. */
  readonly liveMb: readonly number[];
}

const hourNs = 3600e9;
/** The simulation is many times faster than life: after this much it waits until the journal has what there is. */
const strideNs = 1e9;
const strides = hourNs / strideNs;
const samples = 10;

const folder = await mkdtemp(join(tmpdir(), 'drillbook-bench-'));
const worker = new Worker(new URL('./simulated-sampler.ts', import.meta.url), {
  resourceLimits: threadLimits,
});
try {
  const journal = await openJournal(join(folder, 'journal.ndjson'), startClock());
  const rssMb: number[] = [];
  const liveMb: number[] = [];
  let slots = 0;
  worker.on('message', (event: SimulatedEvent) => {
    if (event.kind !== 'slots') return;
    slots += event.slots.length;
    journal.append(event.slots);
  });
  for (let stride = 1; stride <= strides; stride++) {
    const collect = stride % (strides / 2) === 0;
    worker.postMessage({ advanceNs: strideNs, collect } satisfies Stride);
    const liveBytes = await paused(worker);
    await journal.emit({ type: 'harness.lag', thread: 'main', lagNs: 0 });
    if (stride % (strides / samples) === 0) rssMb.push(process.memoryUsage.rss() / 1e6);
    if (!collect) continue;
    globalThis.gc?.();
    liveMb.push((process.memoryUsage().heapUsed + liveBytes) / 1e6);
  }
  await journal.close();
  const expected = (hourNs / periodNs) * simulatedProbes;
  if (slots < 0.99 * expected) throw new Error(`only ${slots} of ${expected} slots were reported`);
  process.stdout.write(`${JSON.stringify({ slots, rssMb, liveMb } satisfies HourOfSampling)}\n`);
} finally {
  await worker.terminate();
  await rm(folder, { recursive: true, force: true });
}

/** Resolves with what the simulation's heap holds. */
async function paused(from: Worker): Promise<number> {
  for (;;) {
    const [event] = (await once(from, 'message')) as [SimulatedEvent];
    if (event.kind === 'paused') return event.liveBytes;
  }
}
