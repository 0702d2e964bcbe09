import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { startHttp } from '../../../test/conformance/http-server.ts';
import type { ProbeTarget } from '../../probes/probe.ts';
import type { MarkEvent, SlotEvent } from '../../timeline/events.ts';
import { type SamplerEvent, serveSampler } from './service.ts';

/** The body of the sampler's thread, here in the test's own thread, so that the test can stop that thread from running. */
async function inThisThread<T>(
  work: (thread: { port: MessagePort; slots: SlotEvent[]; marks: MarkEvent[] }) => Promise<T>,
): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  const [slots, marks]: [SlotEvent[], MarkEvent[]] = [[], []];
  port2.on('message', (message: { kind: string; event?: SamplerEvent }) => {
    if (message.event?.kind === 'slots') slots.push(...message.event.slots);
    if (message.event?.kind === 'mark') marks.push(message.event.mark);
  });
  using _lag = serveSampler(port1, process.hrtime.bigint().toString());
  try {
    return await work({ port: port2, slots, marks });
  } finally {
    port1.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

function spin(forMs: number): void {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs);
}

describe('the sampler thread', () => {
  it('reports unsent slots and its own lag when it does not get to run', async () => {
    const server = await startHttp((_, response) => void response.end('ok'));
    const spec = { kind: 'http', role: 'api', path: '/', every: 20 } as const;
    const target: ProbeTarget = { name: 'api', spec, address: server.address, hosts: {} };
    await inThisThread(async ({ port, slots, marks }) => {
      port.postMessage({ id: 0, body: { do: 'start', target } });
      await until(() => slots.some(({ outcome }) => outcome === 'ok'));
      const before = slots.length;
      spin(400);
      port.postMessage({ id: 1, body: { do: 'stop', withinMs: 500 } });
      await until(() => marks.some(({ type }) => type === 'probe.stopped'));
      expect(slots.slice(before).filter(({ outcome }) => outcome === 'unsent').length).toBeGreaterThanOrEqual(
        15,
      );
      const lag = marks.filter((mark) => mark.type === 'harness.lag').map(({ lagNs }) => lagNs);
      expect(Math.max(...lag)).toBeGreaterThan(300e6);
      const stopped = marks.find((mark) => mark.type === 'probe.stopped');
      expect(stopped).toMatchObject({ slots: slots.length });
    });
    await server.stop();
  });
});
