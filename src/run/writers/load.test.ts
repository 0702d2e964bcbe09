import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../../test/virtual-time.ts';
import type { Ack, Ledger, WriteId } from '../../ledgers/ledger.ts';
import type { WriteEvent } from '../../timeline/events.ts';
import { type Block, type LedgerLoad, WriteSchedule } from './load.ts';

const ms = 1e6;
type Answer = (id: WriteId, time: VirtualTime, abort: AbortSignal) => Promise<Ack>;

/** 100 writes a second by 2 writers on virtual time; a block is granted at once unless the test says otherwise. */
async function setUp(answer: Answer, given: Partial<LedgerLoad> = {}) {
  const time = new VirtualTime();
  const [writes, blocks]: [WriteEvent[], Block[]] = [[], []];
  const ledger = { write: (id: WriteId, abort: AbortSignal) => answer(id, time, abort) } as Pick<
    Ledger,
    'write'
  > as Ledger;
  const reserve = async (block: Block) => void blocks.push(block);
  const report = (write: WriteEvent) => writes.push(write);
  const schedule = new WriteSchedule({
    name: 'orders',
    ledger,
    writers: 2,
    ratePerSecond: 100,
    deadlineMs: 500,
    time,
    report,
    reserve,
    ...given,
  });
  await schedule.start();
  return { time, writes, blocks, schedule };
}

const acked: Answer = async (_, time) => {
  await time.sleep(2 * ms);
  return { outcome: 'acked', instance: '127.0.0.1:5432', timeLine: 1 };
};
const refused: Answer = async () => ({ outcome: 'failed', detail: 'ECONNREFUSED' });
const hung: Answer = (_, time, abort) =>
  new Promise((resolve) =>
    abort.addEventListener('abort', () =>
      resolve({ outcome: 'indeterminate', detail: `timeout at ${time.nowNs() / ms}` }),
    ),
  );

describe('writes', () => {
  it('come at the rate, in turn, with sequence numbers from 1 and no gaps', async () => {
    const { time, writes } = await setUp(acked);
    await time.advance(95 * ms + 3 * ms);
    expect(writes.map(({ writer, seq, sentNs }) => [writer, seq, sentNs / ms])).toEqual(
      Array.from({ length: 10 }, (_, turn) => [turn % 2, Math.floor(turn / 2) + 1, turn * 10]),
    );
    expect(writes[0]).toEqual({
      ...{ type: 'write', atNs: 2 * ms, ledger: 'orders', writer: 0, seq: 1, sentNs: 0, endNs: 2 * ms },
      ...{ outcome: 'acked', instance: '127.0.0.1:5432', timeLine: 1 },
    });
  });

  it('never go beyond what is reserved', async () => {
    let granted = 0;
    const reserve = () => (granted++ < 2 ? Promise.resolve() : new Promise<void>(() => {}));
    const { time, writes, schedule } = await setUp(acked, { reserve });
    await time.advance(30_000 * ms);
    expect(Math.max(...writes.map(({ seq }) => seq))).toBe(1000);
    expect(await schedule.stop()).toBeGreaterThan(900);
  });

  it('reserve the next block before this one is used up', async () => {
    const { time, blocks, writes } = await setUp(acked);
    await time.advance(11_000 * ms);
    expect(blocks.filter(({ writer }) => writer === 0)).toEqual([
      { writer: 0, from: 1, to: 1000 },
      { writer: 0, from: 1001, to: 2000 },
    ]);
    expect(Math.max(...writes.map(({ seq }) => seq))).toBeLessThan(1000);
  });

  it('pass over turns of a writer that still waits, and count them', async () => {
    const { time, writes, schedule } = await setUp((id, at, abort) =>
      id.writer === 0 ? hung(id, at, abort) : acked(id, at, abort),
    );
    await time.advance(398 * ms);
    expect(writes.every(({ writer }) => writer === 1)).toBe(true);
    expect(writes).toHaveLength(20);
    const stopped = schedule.stop(1);
    await time.advance(2 * ms);
    expect(await stopped).toBe(19);
  });

  it('end at their deadline', async () => {
    const { time, writes } = await setUp(hung);
    await time.advance(505 * ms);
    expect(writes).toMatchObject([{ writer: 0, seq: 1, outcome: 'indeterminate', detail: 'timeout at 500' }]);
  });

  it('are journaled as failed when no server is there, with a pause after each', async () => {
    const { time, writes } = await setUp(refused);
    await time.advance(1001 * ms);
    expect(new Set(writes.map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
    expect(writes.length).toBeGreaterThanOrEqual(18);
    expect(writes.length).toBeLessThanOrEqual(22);
  });

  it('that a ledger throws at are indeterminate', async () => {
    const { time, writes } = await setUp(() => Promise.reject(new Error('a bug')));
    await time.advance(5 * ms);
    expect(writes).toMatchObject([{ outcome: 'indeterminate', detail: 'a bug' }]);
  });
});

describe('stop', () => {
  it('waits for open writes, then aborts them', async () => {
    const { time, writes, schedule } = await setUp(hung);
    await time.advance(15 * ms);
    const stopped = schedule.stop(100);
    await time.advance(50 * ms);
    expect(writes).toEqual([]);
    await time.advance(50 * ms);
    await stopped;
    expect(writes.map(({ writer, outcome }) => [writer, outcome])).toEqual([
      [0, 'indeterminate'],
      [1, 'indeterminate'],
    ]);
  });
});

it('does not start when the first block cannot be journaled', async () => {
  await expect(
    setUp(acked, { reserve: () => Promise.reject(new Error('the disk is full')) }),
  ).rejects.toThrow('the disk is full');
});
