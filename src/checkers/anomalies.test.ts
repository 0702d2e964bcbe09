import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../timeline/events.ts';
import { mark, readOf, writesOf } from '../timeline/testing.ts';
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
