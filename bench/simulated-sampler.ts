import { parentPort } from 'node:worker_threads';
import type { Probe } from '../src/probes/probe.ts';
import { createOutbox } from '../src/run/outbox.ts';
import { ProbeSchedule } from '../src/run/sampler/schedule.ts';
import type { SlotEvent } from '../src/timeline/events.ts';
import { VirtualTime } from '../test/virtual-time.ts';

/** The sampler's own schedules and outbox on virtual time; only the probes are made up: they take no real time. */
export const simulatedProbes = 5;
export const periodNs = 10e6;
const deadlineNs = 1e9;

export interface Stride {
  readonly advanceNs: number;
  /** Collect all garbage afterwards, so that `liveBytes` is what is really held. */
  readonly collect: boolean;
}

export type SimulatedEvent =
  | { readonly kind: 'slots'; readonly slots: readonly SlotEvent[] }
  | { readonly kind: 'paused'; readonly liveBytes: number };

if (parentPort !== null) {
  const port = parentPort;
  const post = (event: SimulatedEvent) => port.postMessage(event);
  const time = new VirtualTime();
  const outbox = createOutbox<SlotEvent>(20, (slots) => post({ kind: 'slots', slots }));
  for (let index = 0; index < simulatedProbes; index++) {
    const timing = { t0Ns: 0, periodNs, deadlineNs };
    new ProbeSchedule({ name: `probe-${index}`, probe: madeUp(time), timing, time, report: outbox.push });
  }
  port.on('message', async ({ advanceNs, collect }: Stride) => {
    await time.advance(advanceNs);
    outbox.flush();
    if (collect) globalThis.gc?.();
    post({ kind: 'paused', liveBytes: process.memoryUsage().heapUsed });
  });
}

/** Answers after 2 to 5 ms; out of order for 10 s in every minute: half of it refused, half of it hung until the abort. */
function madeUp(time: VirtualTime): Probe {
  return {
    async observe(slot, abort) {
      const second = ((slot * periodNs) / 1e9) % 60;
      if (second < 5) return { ok: false, detail: 'ECONNREFUSED' };
      if (second < 10)
        return await new Promise((resolve) =>
          abort.addEventListener('abort', () => resolve({ ok: false, detail: 'timeout' })),
        );
      await time.sleep((2 + (slot % 4)) * 1e6);
      return { ok: true, value: slot % 1000 };
    },
    async close() {},
  };
}
