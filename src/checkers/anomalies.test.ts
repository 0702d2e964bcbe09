import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../timeline/events.ts';
import { mark, planOf, readOf, writesOf } from '../timeline/testing.ts';
import { acked, check, upTo } from './ledger-samples.ts';
import { statuses } from './testing.ts';

describe('what is no loss and must not happen either', () => {
  const rules = (...events: readonly JournalEvent[]) => statuses(check(events)).slice(1);

  it('is nothing in a healthy run', () => {
    expect(rules(...writesOf(acked(100)), ...readOf(upTo(100)))).toEqual([]);
  });

  it('does not take a write of unknown fate that turned up for more than recovered', () => {
    const writes = writesOf([...acked(60), { outcome: 'indeterminate' }]);
    expect(rules(...writes, ...readOf(upTo(61)))).toEqual([]);
  });

  it('finds writes that were gone and came back', () => {
    const early = readOf(upTo(100, 41), { read: 'early', atMs: 17_000 });
    const late = readOf(upTo(100), { read: 'late', why: 'after-rejoin' });
    expect(rules(...writesOf(acked(100)), ...early, ...late)).toEqual(['rpo.resurrected: fail']);
  });

  it('does not take a write made after the first read for one that came back', () => {
    const early = readOf(upTo(50), { read: 'early', atMs: 5000 });
    expect(rules(...writesOf(acked(100)), ...early, ...readOf(upTo(100), { read: 'late' }))).toEqual([]);
  });

  it('finds what nobody wrote, what is there twice, and what was said to have failed', () => {
    const writes = writesOf([...acked(60), { outcome: 'failed' }]);
    expect(rules(...writes, ...readOf([...upTo(61), 999], { duplicates: [4] }))).toEqual([
      'rpo.failed-but-present: fail',
      'rpo.phantom: fail',
      'rpo.duplicate: fail',
    ]);
  });

  describe('of a queue', () => {
    const queue = (delivery: 'exactly-once' | 'at-least-once') =>
      planOf({
        ledgers: {
          orders: {
            ...{ kind: 'queue', role: 'api', write: 'POST /jobs/{id}', list: 'GET /jobs/done' },
            ...{ pending: 'GET /jobs/pending', delivery },
          },
        },
      });
    const done = (delivery: 'exactly-once' | 'at-least-once', duplicates: readonly number[]) =>
      check([...writesOf(acked(60)), ...readOf(upTo(60), { duplicates })], queue(delivery)).slice(1);

    it('finds nothing where every job was done once', () => {
      expect(done('exactly-once', [])).toEqual([]);
      expect(done('at-least-once', [])).toEqual([]);
    });

    it('finds a job that was done again where exactly once is promised', () => {
      expect(done('exactly-once', [4, 7])).toMatchObject([
        {
          ...{ rule: 'rpo.duplicate', status: 'fail', figures: { duplicates: 2, copies: 2 } },
          message:
            '2 jobs of ledger "orders" were done more than once (0-4, 0-7), and its queue promises exactly once.',
        },
      ]);
    });

    it('notes it where at least once is promised, each job once however often it was done', () => {
      expect(done('at-least-once', [4, 4])).toMatchObject([
        {
          ...{ rule: 'rpo.duplicate', status: 'pass', figures: { duplicates: 1, copies: 2 } },
          message:
            '1 job of ledger "orders" was done more than once (0-4), which at-least-once delivery allows.',
        },
      ]);
    });

    it('finds a job that was never done, whatever is promised', () => {
      const read = readOf(upTo(60, 41));
      for (const delivery of ['exactly-once', 'at-least-once'] as const)
        expect(statuses(check([...writesOf(acked(60)), ...read], queue(delivery)))).toEqual([
          'rpo.lost: fail',
        ]);
    });
  });

  it('says that there are more duplicates than it could name', () => {
    const again = Array.from({ length: 10_000 }, (_, index) => (index % 50) + 1);
    expect(check([...writesOf(acked(60)), ...readOf(upTo(60), { duplicates: again })])[1]?.message).toMatch(
      /^At least 50 writes of ledger "orders" are there more than once/,
    );
  });

  it('finds what is there though it was never sent', () => {
    const reserved = {
      type: 'ledger.reserved',
      atNs: 1,
      ledger: 'orders',
      writer: 0,
      from: 61,
      to: 70,
    } as const;
    const stopped = mark(18_000, { type: 'ledger.stopped', ledger: 'orders', missed: 0 });
    expect(rules(...writesOf(acked(60)), reserved, stopped, ...readOf(upTo(65)))).toEqual([
      'rpo.failed-but-present: fail',
    ]);
  });

  const by = (instance: string, timeLine: number, count: number) =>
    Array.from({ length: count }, () => ({ outcome: 'acked' as const, instance, timeLine }));
  const servers = (...writes: ReturnType<typeof by>) =>
    rules(...writesOf(writes), ...readOf(upTo(writes.length)));

  it('finds a split brain: an old time line that goes on after the newer began', () => {
    expect(servers(...by('a', 1, 55), ...by('b', 2, 3), ...by('a', 1, 2), ...by('b', 2, 3))).toEqual([
      'rpo.split-brain: fail',
    ]);
  });

  it('finds a split brain of two servers that were promoted to the same time line', () => {
    expect(servers(...by('a', 1, 55), ...by('b', 2, 3), ...by('c', 2, 3), ...by('b', 2, 3))).toEqual([
      'rpo.split-brain: fail',
    ]);
  });

  it('does not take a failover, nor a failback, for a split brain', () => {
    expect(servers(...by('a', 1, 55), ...by('b', 2, 10), ...by('a', 3, 10))).toEqual([]);
  });
});
