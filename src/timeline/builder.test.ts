import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotEvent } from './events.ts';
import { failingIn, mark, planOf, readOf, slotsOf, timelineOf, writesOf } from './testing.ts';

const timeline = (...events: Parameters<typeof timelineOf>[1]) => timelineOf(planOf(), events);

describe('a series', () => {
  const [started, ...slots] = slotsOf({
    untilMs: 3000,
    outcome: failingIn([1000, 1500]),
    value: (due) => (due === 0 ? 0 : undefined),
  });

  it('is in slot order in whatever order its slots completed', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(slots, { minLength: slots.length }), (shuffled) => {
        const late = shuffled.map((event) => ({ ...event, atNs: 4e9 }));
        const series = timeline(started as never, ...late).series.get('api');
        expect(Array.from({ length: series?.length ?? 0 }, (_, index) => series?.at(index))).toEqual(
          slots.map((event) => {
            const { slot, dueNs, sentNs, endNs, outcome, value } = event as SlotEvent;
            return { slot, dueNs, sentNs, endNs, outcome, value: value ?? null, detail: null };
          }),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('takes slots that no line tells of for unsent', () => {
    const series = timeline(
      started as never,
      slots[0] as never,
      slots[4] as never,
      mark(800, { type: 'probe.stopped', probe: 'api', slots: 7 }),
    ).series.get('api');
    expect(series?.length).toBe(7);
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => series?.at(index).outcome)).toEqual([
      'ok',
      'unsent',
      'unsent',
      'unsent',
      'ok',
      'unsent',
      'unsent',
    ]);
    expect(series?.at(1)).toMatchObject({ dueNs: 100e6, sentNs: null, endNs: 100e6 });
    expect(() => series?.at(7)).toThrow(RangeError);
    expect(() => series?.at(-1)).toThrow(RangeError);
  });

  it('tells a value of 0 from none, and keeps details', () => {
    const detailed = { ...(slots[1] as SlotEvent), detail: 'HTTP 503' };
    const series = timeline(started as never, slots[0] as never, detailed).series.get('api');
    expect(series?.at(0)).toMatchObject({ value: 0, detail: null });
    expect(series?.at(1)).toMatchObject({ value: null, detail: 'HTTP 503' });
  });
});

describe('a ledger', () => {
  const writes = writesOf([
    { outcome: 'acked', instance: 'a:1', timeLine: 1 },
    { outcome: 'failed' },
    { outcome: 'indeterminate' },
    { outcome: 'acked', instance: 'b:1', timeLine: 2 },
  ]);
  const more = { type: 'ledger.reserved', atNs: 1, ledger: 'orders', writer: 0, from: 5, to: 6 } as const;

  it('knows what became of each write', () => {
    const [writer] = timeline(...writes, more).ledgers.get('orders')?.writers ?? [];
    expect([1, 2, 3, 4].map((seq) => writer?.outcome(seq))).toEqual([
      'acked',
      'failed',
      'indeterminate',
      'acked',
    ]);
    expect([writer?.instance(1), writer?.timeLine(1), writer?.instance(4), writer?.timeLine(4)]).toEqual([
      'a:1',
      1,
      'b:1',
      2,
    ]);
    expect([writer?.instance(2), writer?.sentNs(1), writer?.endNs(1), writer?.endNs(5)]).toEqual([
      null,
      0,
      5e6,
      null,
    ]);
  });

  it('takes reserved writes without an outcome for indeterminate after a crash, and for unsent after an orderly stop', () => {
    expect(
      timeline(...writes, more)
        .ledgers.get('orders')
        ?.writers[0]?.outcome(6),
    ).toBe('indeterminate');
    const stopped = timeline(...writes, more, mark(9, { type: 'ledger.stopped', ledger: 'orders' } as never));
    expect(stopped.ledgers.get('orders')?.writers[0]?.outcome(6)).toBe('unsent');
    expect(stopped.ledgers.get('orders')?.writers[0]?.outcome(7)).toBe('unsent');
  });

  it('knows what a read found, and names what nobody reserved and what is there twice', () => {
    const [read] =
      timeline(...writes, ...readOf([1, 4, 9], { duplicates: [4] })).ledgers.get('orders')?.reads ?? [];
    expect([1, 2, 4, 9].map((seq) => read?.has(0, seq))).toEqual([true, false, true, false]);
    expect(read).toMatchObject({
      complete: true,
      rows: 3,
      phantoms: [{ writer: 0, seq: 9 }],
      duplicates: [{ writer: 0, seq: 4 }],
    });
    expect(read?.has(3, 1)).toBe(false);
  });

  it('does not take a read that failed or never ended for a whole one', () => {
    const begun = readOf([1]).slice(0, 2);
    expect(timeline(...writes, ...begun).ledgers.get('orders')?.reads[0]?.complete).toBe(false);
  });

  it('names a bounded number of phantoms', () => {
    const [start] = readOf([]);
    const huge = {
      type: 'ledger.ids',
      atNs: 19e9,
      ledger: 'orders',
      read: 'final',
      writer: 8,
      ranges: [[1, 2 ** 50]],
    } as const;
    const [read] = timeline(...writes, start as never, huge).ledgers.get('orders')?.reads ?? [];
    expect(read?.phantoms).toHaveLength(10_000);
  });
});
