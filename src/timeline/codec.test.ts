import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLine, encodeEvent } from './codec.ts';
import type { JournalEvent, SlotEvent, WriteEvent } from './events.ts';
import { headerOf, mark, planOf } from './testing.ts';

const slot: SlotEvent = {
  type: 'slot',
  atNs: 30,
  probe: 'api',
  slot: 2,
  dueNs: 10,
  sentNs: 11,
  endNs: 29,
  outcome: 'failed',
  detail: 'HTTP 503',
};
const write: WriteEvent = {
  type: 'write',
  atNs: 9,
  ledger: 'orders',
  writer: 1,
  seq: 7,
  sentNs: 5,
  endNs: 8,
  outcome: 'acked',
  instance: '127.0.0.1:5432',
  timeLine: 2,
};

describe('encodeEvent', () => {
  it('writes slots and writes as short arrays', () => {
    expect(encodeEvent(slot)).toBe('["slot",30,"api",2,10,11,29,"failed",null,"HTTP 503"]');
    expect(encodeEvent(write)).toBe('["write",9,"orders",1,7,5,8,"acked","127.0.0.1:5432",2]');
  });

  it('writes one line of plain characters whatever a command put out', () => {
    const line = encodeEvent(
      mark(1, { type: 'error', where: 'x', message: 'a\nb\r\u2028\u2029\u0085\u009b31m\u202e' }),
    );
    expect(line).not.toMatch(/[\n\r\u2028\u2029\u0080-\u009f\u202e]/);
    expect(decodeLine(line)).toMatchObject({ message: 'a\nb\r\u2028\u2029\u0085\u009b31m\u202e' });
  });

  it('puts the type first', () => {
    expect(encodeEvent({ atNs: 5, type: 'run.end' })).toBe('{"type":"run.end","atNs":5}');
  });
});

describe('decodeLine', () => {
  const events: JournalEvent[] = [
    slot,
    { ...slot, sentNs: null, outcome: 'unsent' },
    { type: 'slot', atNs: 1, probe: 'lag', slot: 0, dueNs: 0, sentNs: 0, endNs: 1, outcome: 'ok', value: 0 },
    write,
    {
      type: 'write',
      atNs: 9,
      ledger: 'l',
      writer: 0,
      seq: 1,
      sentNs: 5,
      endNs: 8,
      outcome: 'indeterminate',
      detail: 'timeout',
    },
    headerOf(planOf()),
    { type: 'ledger.reserved', atNs: 3, ledger: 'orders', writer: 0, from: 1, to: 1000 },
    {
      type: 'ledger.ids',
      atNs: 3,
      ledger: 'orders',
      read: 'final',
      writer: 0,
      ranges: [
        [1, 4],
        [6, 6],
      ],
      duplicates: [2],
    },
    mark(3, { type: 'steady.met' }),
  ];
  it.each(events.map((event) => [event.type, event] as const))(
    'reads back what was written: %s',
    (_type, event) => {
      expect(decodeLine(encodeEvent(event))).toEqual(event);
    },
  );

  it('reads back any text in any slot', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.nat(1e9),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (detail, number, value) => {
          const event = { ...slot, slot: number, detail: detail.toWellFormed(), value: value + 0 };
          expect(decodeLine(encodeEvent(event))).toEqual(event);
        },
      ),
    );
  });

  it('keeps a type that a later version added', () => {
    expect(decodeLine('{"type":"moon.rises","atNs":4,"full":true}')).toEqual({
      type: 'moon.rises',
      atNs: 4,
      full: true,
    });
  });

  it.each([
    ['12', 'neither an object nor an array'],
    ['null', 'neither an object nor an array'],
    ['{"atNs":1}', '"type" should be a string, and is missing'],
    ['{"type":"run.end"}', '"atNs" should be a number'],
    ['{"type":"run.end","atNs":"1"}', '"atNs" should be a number, and is string'],
    ['{"type":"fault.status","atNs":1,"injection":"x","status":"gone"}', '"when" should be a string'],
    ['{"type":"fault.prepared","atNs":1,"injection":null}', '"injection" should be an object, and is null'],
    [
      '{"type":"ledger.ids","atNs":1,"ledger":"l","read":"r","writer":0,"ranges":[[1]]}',
      'pairs of whole numbers',
    ],
    ['["slot",1,"api",-1,0,0,0,"ok"]', 'a slot is ['],
    ['["slot",1,"api",1,0,0,0,"fine"]', 'a slot is ['],
    ['["slot",1,"api",1,0,"now",0,"ok"]', 'a slot is ['],
    ['["write",1,"l",0,1,0,0,"maybe"]', 'a write is ['],
    ['["song",1]', 'begins with "slot" or "write"'],
    ['{"type":"plan","atNs":0,"journalVersion":99}', 'read it with a newer drillbook'],
    [
      '{"type":"plan","atNs":0,"journalVersion":1,"runId":"r","startedAt":"","harness":{},"plan":{}}',
      '"drill" should be a string',
    ],
    ['{"type":', 'it is no JSON'],
  ])('refuses %s', (line, problem) => {
    expect(() => decodeLine(line)).toThrow(problem);
  });
});
