import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../../test/virtual-time.ts';
import type { Observation, Probe } from '../../probes/probe.ts';
import type { SlotEvent } from '../../timeline/events.ts';
import { ProbeSchedule } from './schedule.ts';

const ms = 1e6;
const timing = { t0Ns: 10 * ms, periodNs: 10 * ms, deadlineNs: 50 * ms };

/** A probe whose every slot behaves as `look` says, on virtual time. */
function setUp(
  look: (slot: number, time: VirtualTime, abort: AbortSignal) => Promise<Observation>,
  given = timing,
) {
  const time = new VirtualTime();
  const slots: SlotEvent[] = [];
  const probe: Probe = { observe: (slot, abort) => look(slot, time, abort), close: async () => {} };
  const schedule = new ProbeSchedule({
    name: 'p',
    probe,
    timing: given,
    time,
    report: (slot) => slots.push(slot),
  });
  return { time, slots, schedule };
}

const answering = (afterMs: number) => async (_: number, time: VirtualTime) => {
  await time.sleep(afterMs * ms);
  return { ok: true };
};
const outcomes = (slots: readonly SlotEvent[]) => slots.map(({ outcome }) => outcome);

describe('open loop', () => {
  it('sends slot i at t0 + i·period and reports when it ended', async () => {
    const { time, slots } = setUp(answering(3));
    await time.advance(45 * ms);
    expect(slots).toHaveLength(4);
    expect(slots[2]).toEqual({
      type: 'slot',
      atNs: 33 * ms,
      probe: 'p',
      slot: 2,
      dueNs: 30 * ms,
      sentNs: 30 * ms,
      endNs: 33 * ms,
      outcome: 'ok',
    });
  });

  it('lets no slot wait for a hung one', async () => {
    const { time, slots } = setUp((slot, at) =>
      slot === 0 ? new Promise(() => {}) : answering(1)(slot, at),
    );
    await time.advance(61 * ms);
    expect(slots.map(({ slot, sentNs }) => [slot, sentNs])).toEqual(
      [1, 2, 3, 4, 0, 5].map((slot) => [slot, (10 + slot * 10) * ms]),
    );
    expect(slots[4]).toMatchObject({ slot: 0, outcome: 'late', detail: 'timeout', endNs: 60 * ms });
  });

  it('keeps as many slots open as the deadline is periods long', async () => {
    const { time, slots } = setUp(answering(49));
    await time.advance(500 * ms);
    expect(new Set(outcomes(slots))).toEqual(new Set(['ok']));
  });

  it('calls a success after the deadline late', async () => {
    const { time, slots } = setUp(answering(51));
    await time.advance(100 * ms);
    expect(new Set(outcomes(slots))).toEqual(new Set(['late']));
  });

  it('calls a success late that it comes to see only after the deadline', async () => {
    const answer = Promise.withResolvers<Observation>();
    const { time, slots } = setUp(() => answer.promise);
    await time.advance(2 * ms + timing.t0Ns);
    time.block(60 * ms);
    answer.resolve({ ok: true, value: 1 });
    await sleep(1); // in real time: what was resolved is seen before any timer of the schedule
    expect(slots).toMatchObject([{ slot: 0, outcome: 'late', value: 1, endNs: 72 * ms }]);
  });

  it('aborts an observation at its deadline, counted from when it was due', async () => {
    const aborted: number[] = [];
    const { time } = setUp((slot, at, abort) => {
      if (slot === 0) abort.addEventListener('abort', () => aborted.push(at.nowNs()));
      return new Promise(() => {});
    });
    await time.advance(60 * ms);
    expect(aborted).toEqual([60 * ms]);
  });

  it('passes on values and reasons', async () => {
    const { time, slots } = setUp(async (slot) =>
      slot === 0 ? { ok: true, value: 7, text: 'seven' } : { ok: false, detail: 'HTTP 503' },
    );
    await time.advance(25 * ms);
    expect(slots[0]).toMatchObject({ outcome: 'ok', value: 7 });
    expect(slots[1]).toMatchObject({ outcome: 'failed', detail: 'HTTP 503' });
  });

  it('turns a probe that throws into a failed slot', async () => {
    const { time, slots } = setUp(() => Promise.reject(new Error('a bug')));
    await time.advance(15 * ms);
    expect(slots).toMatchObject([{ outcome: 'failed', detail: 'a bug' }]);
  });
});

describe('what the harness did not send', () => {
  it('reports every slot that a blocked event loop missed, and none as sent', async () => {
    const { time, slots } = setUp(answering(1));
    await time.advance(12 * ms);
    time.block(300 * ms);
    await time.advance(20 * ms);
    const unsent = slots.filter(({ outcome }) => outcome === 'unsent');
    expect(unsent.map(({ slot }) => slot)).toEqual(Array.from({ length: 29 }, (_, index) => index + 1));
    expect(unsent.every(({ sentNs, detail }) => sentNs === null && detail === 'not sent on time')).toBe(true);
    expect(slots.map(({ slot }) => slot).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: slots.length }, (_, index) => index),
    );
  });

  it('reports them also when it is stopped before it runs again', async () => {
    const { time, slots, schedule } = setUp(answering(1));
    time.block(100 * ms);
    const stopped = schedule.stop();
    await time.advance(10 * ms);
    expect(await stopped).toBe(10);
    expect(outcomes(slots)).toEqual([...Array.from({ length: 8 }, () => 'unsent'), 'ok', 'ok']);
  });

  it('still sends a slot that is due within the tolerance', async () => {
    const { time, slots } = setUp(answering(1));
    await time.advance(5 * ms);
    time.block(10 * ms);
    await time.advance(3 * ms);
    expect(slots).toMatchObject([{ slot: 0, outcome: 'ok', dueNs: 10 * ms, sentNs: 15 * ms }]);
  });

  it('opens no more when a probe does not heed its aborts', async () => {
    let open = 0;
    const { time, slots } = setUp(() => {
      open++;
      return new Promise(() => {});
    });
    await time.advance(1000 * ms);
    expect(open).toBe(12);
    expect(slots.filter(({ detail }) => detail === 'too many open observations').length).toBeGreaterThan(80);
  });
});

describe('stop', () => {
  it('lets open slots end and reports each that was due', async () => {
    const { time, slots, schedule } = setUp(answering(30));
    await time.advance(42 * ms);
    const stopped = schedule.stop();
    await time.advance(100 * ms);
    expect(await stopped).toBe(4);
    expect(outcomes(slots)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('aborts what is open when the time it was given is over', async () => {
    const { time, slots, schedule } = setUp(() => new Promise(() => {}));
    await time.advance(32 * ms);
    const stopped = schedule.stop(5 * ms);
    await time.advance(5 * ms);
    expect(await stopped).toBe(3);
    expect(outcomes(slots)).toEqual(['aborted', 'aborted', 'aborted']);
  });

  it('ends at once with nothing open', async () => {
    const { schedule } = setUp(answering(1));
    expect(await schedule.stop()).toBe(0);
  });
});
