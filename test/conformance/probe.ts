import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProbe } from '../../src/probes/index.ts';
import type { ProbeTarget } from '../../src/probes/probe.ts';

/** A real thing to observe, and what each state of it needs. Every probe must pass this. */
export interface ProbeSubject {
  readonly healthy: ProbeTarget;
  /** The thing is there and says no, or is not there at all. */
  readonly broken: ProbeTarget;
  /** Accepts the work and never answers. */
  readonly hung: ProbeTarget;
  stop(): Promise<void>;
}

/** Looks generous, so that a busy machine changes nothing: only a hang reaches it. */
const patienceMs = 20_000;

export function probeConformance(name: string, start: () => Promise<ProbeSubject>): void {
  describe(`probe conformance: ${name}`, () => {
    let subject: ProbeSubject;
    beforeAll(async () => {
      subject = await start();
    }, 60_000);
    afterAll(() => subject?.stop());

    const look = async (target: ProbeTarget, abort: AbortSignal, slots = [0]) => {
      const probe = createProbe(target);
      try {
        return await Promise.all(slots.map((slot) => probe.observe(slot, abort)));
      } finally {
        await probe.close();
      }
    };

    it('is ok on a healthy target, slot after slot', async () => {
      const probe = createProbe(subject.healthy);
      for (let slot = 0; slot < 3; slot++) {
        expect(await probe.observe(slot, AbortSignal.timeout(patienceMs))).toMatchObject({ ok: true });
      }
      await probe.close();
    });

    it('observes several slots at once', async () => {
      const seen = await look(subject.healthy, AbortSignal.timeout(patienceMs), [0, 1, 2, 3, 4]);
      expect(seen.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    });

    it('says why a broken target is not ok, shortly and always in the same words', async () => {
      const [first] = await look(subject.broken, AbortSignal.timeout(patienceMs));
      const [second] = await look(subject.broken, AbortSignal.timeout(patienceMs));
      expect(first?.ok).toBe(false);
      expect(first?.detail).toMatch(/^.{1,60}$/);
      expect(second).toEqual(first);
    });

    it('ends a hung observation at the abort, as a time-out', async () => {
      expect(await look(subject.hung, AbortSignal.timeout(200))).toEqual([{ ok: false, detail: 'timeout' }]);
    });

    it('is aborted before it begins', async () => {
      expect(await look(subject.healthy, AbortSignal.abort())).toEqual([{ ok: false, detail: 'timeout' }]);
    });

    it('works after a hung slot as before', async () => {
      const probe = createProbe(subject.healthy);
      await probe.observe(0, AbortSignal.abort());
      expect(await probe.observe(1, AbortSignal.timeout(patienceMs))).toMatchObject({ ok: true });
      await probe.close();
    });

    it('crosses into a thread as plain JSON', () => {
      expect(JSON.parse(JSON.stringify(subject.healthy))).toEqual(subject.healthy);
    });
  });
}
