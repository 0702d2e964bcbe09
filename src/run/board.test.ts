import { describe, expect, it } from 'vitest';
import type { SlotEvent, SlotOutcome, WriteEvent, WriteOutcome } from '../timeline/events.ts';
import { SignalBoard } from './board.ts';

const ms = 1e6;
const slot = (dueMs: number, outcome: SlotOutcome, more: Partial<SlotEvent> = {}): SlotEvent => ({
  type: 'slot',
  probe: 'api',
  slot: dueMs / 10,
  atNs: (dueMs + 1) * ms,
  dueNs: dueMs * ms,
  sentNs: dueMs * ms,
  endNs: (dueMs + 1) * ms,
  outcome,
  ...more,
});
const write = (sentMs: number, outcome: WriteOutcome): WriteEvent => ({
  type: 'write',
  ledger: 'orders',
  writer: 0,
  seq: 1,
  atNs: sentMs * ms,
  sentNs: sentMs * ms,
  endNs: (sentMs + 1) * ms,
  outcome,
});
const never = new AbortController().signal;
const options = { fromNs: 0, withinMs: 60_000, abort: never };

describe('SignalBoard', () => {
  it('meets "failing" at the first failed slot that was due after the start', async () => {
    const board = new SignalBoard();
    const seen = board.condition({ probe: 'api', is: 'failing' }, { ...options, fromNs: 100 * ms });
    board.slots([slot(90, 'failed'), slot(100, 'ok'), slot(110, 'late')]);
    expect(await seen).toEqual({ met: true, sinceNs: 110 * ms });
  });

  it('meets several conditions once all of them hold at the same time', async () => {
    const board = new SignalBoard();
    const seen = board.conditions(
      [
        { probe: 'api', is: 'failing', for: 10 },
        { probe: 'side', is: 'failing' },
      ],
      options,
    );
    let met = false;
    void seen.then(() => (met = true));
    board.slots([slot(10, 'failed'), slot(20, 'failed'), slot(20, 'ok', { probe: 'side' })]);
    board.slots([slot(30, 'ok'), slot(30, 'failed', { probe: 'side' })]);
    await Promise.resolve();
    expect(met).toBe(false);
    board.slots([slot(40, 'failed'), slot(50, 'failed')]);
    expect(await seen).toEqual({ met: true, sinceNs: 40 * ms });
  });

  it('counts "for" from the start of an unbroken row', async () => {
    const board = new SignalBoard();
    const seen = board.condition({ probe: 'api', is: 'healthy', for: 20 }, options);
    board.slots([slot(0, 'ok'), slot(10, 'failed'), slot(20, 'ok'), slot(30, 'ok'), slot(40, 'ok')]);
    expect(await seen).toEqual({ met: true, sinceNs: 20 * ms });
  });

  it.each(['unsent', 'aborted'] as const)('takes %s for neither failing nor healthy', async (outcome) => {
    const board = new SignalBoard();
    const failing = board.condition({ probe: 'api', is: 'failing' }, { ...options, withinMs: 20 });
    const healthy = board.condition({ probe: 'api', is: 'healthy' }, { ...options, withinMs: 20 });
    board.slots([slot(0, outcome)]);
    expect(await failing).toMatchObject({ met: false });
    expect(await healthy).toMatchObject({ met: false });
  });

  it.each([
    [{ probe: 'api', above: 5 }, 6],
    [{ probe: 'api', below: 5 }, 4],
    [{ probe: 'api', equals: 5 }, 5],
  ])('meets %j with a value of %d, and not before', async (condition, value) => {
    const board = new SignalBoard();
    const seen = board.condition(condition, options);
    const other = 'above' in condition ? 5 : 9;
    board.slots([slot(0, 'ok', { value: other }), slot(10, 'ok', { value })]);
    expect(await seen).toEqual({ met: true, sinceNs: 10 * ms });
  });

  it('says what it saw last when the time is over', async () => {
    const board = new SignalBoard();
    const seen = board.condition({ probe: 'api', is: 'healthy', for: 50 }, { ...options, withinMs: 20 });
    board.slots([slot(0, 'failed', { detail: 'HTTP 503' })]);
    expect(await seen).toEqual({ met: false, observed: 'api: last slot failed: HTTP 503' });
  });

  it('waits for writes that are all acknowledged', async () => {
    const board = new SignalBoard();
    const seen = board.acknowledged('orders', 10, options);
    board.writes([write(0, 'acked'), write(5, 'failed'), write(10, 'acked'), write(20, 'acked')]);
    expect(await seen).toEqual({ met: true, sinceNs: 10 * ms });
  });

  it('ends with the reason of an abort, also of one that was before', async () => {
    const board = new SignalBoard();
    const reason = new Error('Ctrl-C');
    const stop = new AbortController();
    const waiting = board.condition({ probe: 'api', is: 'healthy' }, { ...options, abort: stop.signal });
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(board.acknowledged('orders', 1, { ...options, abort: stop.signal })).rejects.toBe(reason);
  });
});
