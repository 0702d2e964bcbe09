import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHttp, type TestHttpServer } from '../../../test/conformance/http-server.ts';
import type { ProbeTarget } from '../../probes/probe.ts';
import type { MarkEvent, SlotEvent } from '../../timeline/events.ts';
import { type Sampler, startSampler } from './index.ts';

let server: TestHttpServer;
let slots: SlotEvent[];
let marks: MarkEvent[];
let sampler: Sampler;

beforeEach(async () => {
  server = await startHttp((request, response) => {
    if (request.url === '/slow') setTimeout(() => response.end('at last'), 400);
    else if (request.url !== '/hung') response.end('ok');
  });
  slots = [];
  marks = [];
  sampler = startSampler({
    originHr: process.hrtime.bigint().toString(),
    onSlots: (batch) => slots.push(...batch),
    onMark: (mark) => marks.push(mark),
    onError: (error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  await sampler.stop(0).catch(() => undefined);
  await server.stop();
});

const target = (name: string, path = `/${name}`): ProbeTarget => ({
  name,
  spec: { kind: 'http', role: 'api', path, every: 50, deadline: 200 },
  address: server.address,
  hosts: {},
});
const of = (probe: string) => slots.filter((slot) => slot.probe === probe);

describe('sampler', () => {
  it('samples in a thread of its own and delivers every slot that was due before it stops', async () => {
    await sampler.start(target('fast'));
    await sleep(600);
    await sampler.stop();
    const stopped = marks.find((mark) => mark.type === 'probe.stopped');
    expect(stopped).toMatchObject({ probe: 'fast', slots: of('fast').length });
    expect(
      of('fast')
        .map(({ slot }) => slot)
        .toSorted((a, b) => a - b),
    ).toEqual(of('fast').map((_, index) => index));
    expect(of('fast').some(({ outcome }) => outcome === 'ok')).toBe(true);
    const started = marks.find((mark) => mark.type === 'probe.started');
    expect(started).toMatchObject({ probe: 'fast', periodNs: 50e6, deadlineNs: 200e6 });
  });

  it('calls answers after the deadline late, and a hung server disturbs no other probe', async () => {
    await Promise.all([
      sampler.start(target('slow')),
      sampler.start(target('hung')),
      sampler.start(target('fast')),
    ]);
    await sleep(800);
    await sampler.stop();
    for (const probe of ['slow', 'hung']) {
      expect(
        new Set(
          of(probe)
            .map(({ outcome }) => outcome)
            .filter((outcome) => outcome !== 'unsent'),
        ),
      ).toEqual(new Set(['late']));
    }
    expect(of('fast').some(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(of('fast').some(({ outcome }) => outcome === 'late')).toBe(false);
  });

  it('stops one probe and starts it again with a t0 of its own', async () => {
    await sampler.start(target('fast'));
    await sampler.stopProbe('fast');
    await sampler.start(target('fast'));
    const t0 = marks.flatMap((mark) => (mark.type === 'probe.started' ? [mark.t0Ns] : []));
    expect(t0).toHaveLength(2);
    expect(t0[1]).toBeGreaterThan(t0[0] as number);
  });

  it('says why a target cannot be probed', async () => {
    await expect(sampler.start({ ...target('fast'), address: null })).rejects.toThrow(
      'role api has no address',
    );
    await sampler.start(target('fast'));
    await expect(sampler.start(target('fast'))).rejects.toThrow('being sampled already');
  });
});
