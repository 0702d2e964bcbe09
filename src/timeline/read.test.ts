import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent } from './codec.ts';
import type { JournalEvent } from './events.ts';
import { readTimeline } from './read.ts';
import { failingIn, headerOf, mark, planOf, readOf, runMarks, slotsOf, writesOf } from './testing.ts';

async function* pieces(text: string, size = 7): AsyncIterable<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const journal = (...events: JournalEvent[]): string =>
  [headerOf(planOf()), ...events].map((event) => `${encodeEvent(event)}\n`).join('');

const read = (text: string, size?: number) => readTimeline(pieces(text, size));

describe('readTimeline', () => {
  it('reads a whole run, whatever the pieces it comes in', async () => {
    const text = journal(
      ...runMarks(),
      ...slotsOf({ untilMs: 2000, outcome: failingIn([500, 800]) }),
      mark(9, { type: 'error', where: 'é', message: '→' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), async (size) => {
        const timeline = await read(text, size);
        expect(timeline.marks).toHaveLength(runMarks().length + 2);
        expect(timeline.marks.at(-1)).toMatchObject({ where: 'é', message: '→' });
        expect(timeline.series.get('api')?.length).toBe(20);
        expect(timeline.torn).toBe(false);
        expect(timeline.lastNs).toBe(20_600e6);
      }),
      { numRuns: 20 },
    );
  });

  it('takes text as well as bytes', async () => {
    async function* text() {
      yield journal(mark(5, { type: 'run.end' }));
    }
    expect((await readTimeline(text())).marks).toHaveLength(1);
  });

  it('survives a last line that was cut off anywhere, and says so', async () => {
    const whole = journal(mark(5, { type: 'steady.met' }));
    const last = encodeEvent(mark(6, { type: 'run.end' }));
    for (let cut = 1; cut <= last.length; cut++) {
      const timeline = await read(whole + last.slice(0, cut), 1000);
      expect(timeline.torn).toBe(true);
      expect(timeline.marks.map(({ type }) => type)).toEqual(['steady.met']);
    }
  });

  it('survives a last line of garbage that has an end', async () => {
    const timeline = await read(`${journal(mark(5, { type: 'steady.met' }))}\0\0\0\n`);
    expect(timeline.torn).toBe(true);
  });

  it('refuses garbage in the middle, with its line', async () => {
    const text = `${journal(mark(5, { type: 'steady.met' }))}{"type":"ru\n${encodeEvent(mark(6, { type: 'run.end' }))}\n`;
    await expect(read(text)).rejects.toThrow(/^Line 3 of the journal cannot be read: it is no JSON/);
  });

  it('refuses a line that is JSON and no event, at the end too', async () => {
    await expect(read(`${journal()}{"type":"run.end"}\n`)).rejects.toThrow(
      /^Line 2 of the journal cannot be read: "atNs"/,
    );
  });

  it.each([
    ['', 'The journal is empty'],
    ['{"type":"pl', 'The journal is empty'],
    ['garbage\n', 'A journal begins with its plan'],
    [
      `${encodeEvent({ type: 'run.end', atNs: 1 })}\n`,
      'Line 1 of the journal cannot be read: a journal begins with its plan',
    ],
    [journal() + journal(), 'Line 2 of the journal cannot be read: a journal has one plan'],
    ['{"type":"plan","atNs":0,"journalVersion":2}\n', 'read it with a newer drillbook'],
  ])('refuses what is no journal: %j', async (text, problem) => {
    await expect(read(text)).rejects.toThrow(problem);
  });

  const reserved: JournalEvent = { type: 'ledger.reserved', atNs: 0, ledger: 'l', writer: 0, from: 1, to: 5 };
  it.each<[string, JournalEvent[]]>([
    ['which has not started', slotsOf({ untilMs: 200, outcome: () => 'ok' }).slice(1)],
    [
      'started twice',
      [...slotsOf({ untilMs: 0, outcome: () => 'ok' }), ...slotsOf({ untilMs: 0, outcome: () => 'ok' })],
    ],
    ['has no period', slotsOf({ untilMs: 0, periodMs: 0, outcome: () => 'ok' })],
    ['before it reserved', writesOf([{ outcome: 'acked' }]).slice(1)],
    ['was never reserved', [reserved, ...writesOf([{ outcome: 'acked', seq: 6 }], { ledger: 'l' }).slice(1)]],
    ['without a gap', [reserved, { ...reserved, from: 9, to: 12 }]],
    ['has no beginning', readOf([1]).slice(1)],
  ])('refuses events that cannot follow what came before: %s', async (problem, events) => {
    await expect(read(journal(...events))).rejects.toThrow(problem);
  });

  it('does not make up millions of slots for a slot number gone wrong', async () => {
    const [started, slot] = slotsOf({ untilMs: 100, outcome: () => 'ok' }) as [JournalEvent, JournalEvent];
    await expect(read(journal(started, { ...slot, slot: 2_000_000_000 } as JournalEvent))).rejects.toThrow(
      'is not due at the time of its line',
    );
  });
});
