import { describe, expect, it } from 'vitest';
import type { Plan } from '../definition/plan.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { mark, planOf, readOf, runMarks, timelineOf, writesOf } from '../timeline/testing.ts';
import { dataAtRisk, isAboutData, ledgerAnswer } from './data-at-risk.ts';
import { escalation } from './escalation.ts';
import { acked, check, upTo, withLedger } from './ledger-samples.ts';
import { runbookOf } from './runbook-samples.ts';
import { findingsOf } from './testing.ts';

const kept = [...writesOf(acked(100)), ...readOf(upTo(100))];
const lossy = [...writesOf(acked(100)), ...readOf(upTo(100, 41, 42))];
const atRisk = (events: readonly JournalEvent[], plan: Plan = withLedger()) =>
  dataAtRisk(timelineOf(plan, [...runMarks(), ...events]), plan);

describe('the answer of one ledger', () => {
  it('is what it lost, also where an objective allows that', () => {
    const data = check(lossy, withLedger({ lostAtMostMs: 60_000, writesAtMost: null }));
    expect(ledgerAnswer('orders', data)).toMatchObject({ kind: 'lost', count: 2 });
  });

  it('is that it lost nothing where that is proved', () => {
    expect(ledgerAnswer('orders', check(kept))).toMatchObject({ kind: 'nothing-lost' });
  });

  it('is not known where it was not read back, had nothing to lose or wrote nothing', () => {
    const unread = ledgerAnswer('orders', check(writesOf(acked(100))));
    expect(unread).toMatchObject({ kind: 'not-known', why: expect.stringContaining('not read back') });
    const idle = [...writesOf(acked(10)), ...readOf(upTo(10))];
    expect(ledgerAnswer('orders', check(idle))).toMatchObject({
      kind: 'not-known',
      why: expect.stringContaining('no write was in flight'),
    });
    expect(ledgerAnswer('other', check(kept))).toEqual({
      kind: 'not-known',
      why: 'ledger "other" wrote nothing.',
    });
  });
});

describe('data at risk', () => {
  it('is a reason to call where acknowledged writes were lost', () => {
    expect(atRisk(lossy)).toMatchObject({
      reached: 'at-once',
      why: 'ledger "orders" lost 2 acknowledged writes',
      evidenceNs: [expect.any(Number), expect.any(Number)],
    });
  });

  it('is one where they were missing for a while', () => {
    const returned = [
      ...writesOf(acked(100)),
      ...readOf(upTo(100, 41), { read: 'before', why: 'before-return', atMs: 18_500 }),
      ...readOf(upTo(100), { why: 'after-rejoin' }),
    ];
    expect(atRisk(returned)).toMatchObject({
      reached: 'at-once',
      why: 'ledger "orders" lacked 1 acknowledged write for a while',
    });
  });

  it('is one where the ledger holds what nobody wrote', () => {
    const phantom = [...writesOf(acked(100)), ...readOf([...upTo(100), 150])];
    expect(atRisk(phantom)).toMatchObject({
      reached: 'at-once',
      why: 'ledger "orders" was not kept as it should be (rpo.phantom)',
    });
  });

  it('is none where every ledger lost nothing, and not known where one does not tell', () => {
    expect(atRisk(kept)).toMatchObject({ reached: 'not-reached', why: '1 ledger (orders) lost nothing' });
    const two = planOf({
      ledgers: { ...withLedger().ledgers, audit: { kind: 'postgres', role: 'db' } },
      objectives: {},
    });
    expect(atRisk(kept, two)).toMatchObject({
      reached: 'not-known',
      why: 'nothing proves what became of audit',
    });
    expect(atRisk([], planOf())).toMatchObject({ reached: 'not-known', why: 'this drill writes no ledger' });
  });
});

describe('a reason to escalate', () => {
  it.each([
    'Customer data at risk',
    'Suspected data loss',
    'The integrity of data is in doubt',
    'Some data may be corrupted',
    'Data of customers may be harmed',
  ])('is about data: %s', (reason) => {
    expect(isAboutData(reason)).toBe(true);
  });

  it.each([
    'Unresolved after 30 minutes',
    'The loss of a data center',
    'Data centres are damaged',
    'New data are needed',
    'The database is slow',
    'Our name may suffer',
  ])('is not: %s', (reason) => {
    expect(isAboutData(reason)).toBe(false);
  });
});

describe('escalation when data are at risk', () => {
  const limit = { to: 'Head', afterMs: null, reason: 'customer data at risk', lines: { from: 7, to: 7 } };
  const plan = { ...withLedger(), runbook: { ...runbookOf(), escalations: [limit] } };
  const called = (events: readonly JournalEvent[]) =>
    findingsOf(escalation, [...runMarks(), ...events], plan).filter(({ rule }) => rule === 'escalation.data');

  it.each([
    ['lost writes', lossy, 'at-once', 'to be called at once; ledger "orders" lost 2 acknowledged writes.'],
    ['none lost', kept, 'not-reached', 'no reason to call; 1 ledger (orders) lost nothing.'],
    ['nothing known', [mark(100, { type: 'ledger.stopped', ledger: 'orders' })], 'not-known', 'not known'],
  ] as const)('tells what the ledgers say: %s', (_, events, reached, words) => {
    const [finding, ...others] = called(events);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ status: 'pass', where: 'database.md:7', figures: { reached } });
    expect(finding?.message).toContain(words);
  });
});
