import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WriteOutcome } from '../timeline/events.ts';
import { mark, readOf, runMarks, slotsOf, writesOf } from '../timeline/testing.ts';
import { acked, check, upTo, withLedger } from './ledger-samples.ts';
import { rpo } from './rpo.ts';
import { findingsOf, statuses } from './testing.ts';

describe('rpo', () => {
  it('passes where nothing was lost with writes in flight, and says how little that proves', () => {
    const [finding] = check([...writesOf(acked(100)), ...readOf(upTo(100))]);
    expect(finding).toMatchObject({
      dimension: 'data',
      status: 'pass',
      rule: 'rpo',
      figures: { rpoMs: 0, lost: 0, acked: 100, inFlight: 3 },
    });
    expect(finding?.message).toContain(
      'Losing nothing in 1 run only shows (at 95 % confidence) that a loss is no likelier than 95 % a run.',
    );
  });

  it('does not take zero lost for evidence where nothing was in flight at the fault', () => {
    const [finding] = check([...writesOf(acked(20)), ...readOf(upTo(20))]);
    expect(finding).toMatchObject({ status: 'inconclusive', figures: { inFlight: 0 } });
  });

  it('fails a loss that no objective allows, and names what was lost', () => {
    const [finding] = check([...writesOf(acked(100)), ...readOf(upTo(100, 41, 42, 43, 49))]);
    expect(finding).toMatchObject({
      status: 'fail',
      rule: 'rpo.lost',
      figures: { lost: 4, acked: 100, rpoMs: 995 },
      details: ['writer 0: 41 … 43', 'writer 0: 49'],
    });
    expect(finding?.message).toContain(
      'lost 4 acknowledged writes (0-41 to 0-49), 995ms of data, and no objective allows any',
    );
  });

  it('counts RPO to the newest lost write where the loss went on after the fault', () => {
    expect(check([...writesOf(acked(100)), ...readOf(upTo(100, 51, 61))])[0]?.figures?.rpoMs).toBe(1000);
  });

  it('passes a loss within the objective, and names it all the same', () => {
    const lossy = [...writesOf(acked(100)), ...readOf(upTo(100, 41, 42))];
    expect(check(lossy, withLedger({ lostAtMostMs: 995, writesAtMost: null }))[0]).toMatchObject({
      status: 'pass',
      rule: 'rpo.lost',
      details: ['writer 0: 41 … 42'],
    });
    expect(check(lossy, withLedger({ lostAtMostMs: 990, writesAtMost: null }))[0]?.status).toBe('fail');
    expect(check(lossy, withLedger({ lostAtMostMs: 995, writesAtMost: 1 }))[0]?.status).toBe('fail');
  });

  it('finds lost writes that the superseded instance still had', () => {
    const evidence = readOf(upTo(50), { read: 'old', why: 'superseded-evidence', atMs: 17_000 });
    const [finding] = check([...writesOf(acked(100)), ...evidence, ...readOf(upTo(100, 41, 42, 60))]);
    expect(finding?.figures).toMatchObject({ lost: 3, lostButKept: 2 });
  });

  it('tells what was missing before a superseded database returned, and loses nothing that came back', () => {
    const before = readOf(upTo(60, 41, 42), { read: 'before', why: 'before-return', atMs: 6_000 });
    const findings = check([...writesOf(acked(100)), ...before, ...readOf(upTo(100))]);
    expect(findings.map(({ status, rule }) => [status, rule])).toEqual([
      ['pass', 'rpo'],
      ['pass', 'rpo.before-return'],
    ]);
    expect(findings[1]).toMatchObject({
      figures: { missing: 2, missingMs: 995 },
      details: ['writer 0: 41 … 42'],
    });
    expect(findings[1]?.message).toContain(
      'lacked 2 acknowledged writes (0-41 to 0-42), 995ms of data; all of them are there',
    );
  });

  it('loses what did not come back, and takes no read before the return for the truth', () => {
    const before = readOf(upTo(60, 41, 42), { read: 'before', why: 'before-return', atMs: 6_000 });
    const findings = check([...writesOf(acked(100)), ...before, ...readOf(upTo(100, 42))]);
    expect(findings[0]).toMatchObject({ status: 'fail', rule: 'rpo.lost', figures: { lost: 1 } });
    expect(findings[1]?.message).toContain('1 write of the ledger is not there');
    expect(check([...writesOf(acked(100)), ...before])[0]?.status).toBe('inconclusive');
  });

  it('takes the last whole read of what survived for the truth', () => {
    const early = readOf(upTo(100), { read: 'early', atMs: 17_000 });
    const late = readOf(upTo(100, 7), { read: 'late', why: 'after-rejoin', atMs: 19_000 });
    expect(check([...writesOf(acked(100)), ...early, ...late])[0]?.figures?.lost).toBe(1);
    const broken = late.slice(0, 2);
    expect(check([...writesOf(acked(100)), ...early, ...broken])[0]?.figures?.lost).toBe(0);
  });

  it('is inconclusive where no read came to its end', () => {
    const failed = [
      ...readOf([1]).slice(0, 2),
      mark(19_500, {
        type: 'ledger.read-failed',
        ledger: 'orders',
        read: 'final',
        message: 'connection lost',
      }),
    ];
    expect(check([...writesOf(acked(100)), ...failed])[0]).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('connection lost'),
    });
    expect(statuses(check(writesOf(acked(100))))).toEqual(['rpo: inconclusive']);
  });

  it('is inconclusive where the ledger wrote nothing or had nothing acknowledged', () => {
    expect(statuses(findingsOf(rpo, runMarks(), withLedger()))).toEqual(['rpo: inconclusive']);
    expect(statuses(check([...writesOf([{ outcome: 'failed' }]), ...readOf([])]))).toEqual([
      'rpo: inconclusive',
    ]);
    expect(statuses(check([...readOf([])], withLedger({ lostAtMostMs: 0, writesAtMost: null })))).toEqual([
      'rpo: inconclusive',
    ]);
  });

  it('says that nothing was measured where the drill has no ledger', () => {
    expect(statuses(findingsOf(rpo, runMarks()))).toEqual(['rpo.not-measured: pass']);
  });

  it('does not count writes acknowledged after the read had begun', () => {
    const [finding] = check([...writesOf(acked(250)), ...readOf(upTo(150), { atMs: 15_000 })]);
    expect(finding?.figures).toMatchObject({ lost: 0, unread: 100 });
  });

  it('reports the replication lag at the fault', () => {
    const lag = slotsOf({
      probe: 'replication-lag',
      untilMs: 20_000,
      outcome: () => 'ok',
      value: (due) => due,
    });
    expect(check([...lag, ...writesOf(acked(100)), ...readOf(upTo(100))])[0]?.figures?.replicationLag).toBe(
      4900,
    );
  });

  it('lost = acknowledged − read back, for any history', () => {
    const histories = fc.array(
      fc.record({
        outcome: fc.constantFrom<WriteOutcome>('acked', 'failed', 'indeterminate'),
        present: fc.boolean(),
      }),
      { minLength: 1, maxLength: 150 },
    );
    fc.assert(
      fc.property(histories, (writes) => {
        const present = writes.flatMap((write, index) => (write.present ? [index + 1] : []));
        const count = (outcome: WriteOutcome, there: boolean) =>
          writes.filter((write) => write.outcome === outcome && write.present === there).length;
        const findings = check([...writesOf(writes.map(({ outcome }) => ({ outcome }))), ...readOf(present)]);
        const acknowledged = count('acked', true) + count('acked', false);
        if (acknowledged === 0) return;
        expect(findings[0]?.figures).toMatchObject({
          acked: acknowledged,
          lost: count('acked', false),
          recoveredWrites: count('indeterminate', true),
        });
        expect(findings.some(({ rule }) => rule === 'rpo.failed-but-present')).toBe(
          count('failed', true) > 0,
        );
      }),
      { numRuns: 50 },
    );
  });
});
