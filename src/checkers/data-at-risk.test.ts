import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../timeline/events.ts';
import { planOf, readOf, runMarks, timelineOf, writesOf } from '../timeline/testing.ts';
import { dataAtRisk, isAboutData } from './data-at-risk.ts';
import { acked, upTo, withLedger } from './ledger-samples.ts';

const plan = withLedger({ lostAtMostMs: 60_000, writesAtMost: null });
const risk = (...events: JournalEvent[]) => dataAtRisk(timelineOf(plan, [...runMarks(), ...events]), plan);

describe('data at risk', () => {
  it('is there at once where an acknowledged write was lost, also within the objective', () => {
    const found = risk(...writesOf(acked(100)), ...readOf(upTo(100, 41, 42)));
    expect(found).toMatchObject({ reached: 'at-once', why: 'ledger "orders" lost 2 acknowledged writes' });
    expect(found.evidenceNs.length).toBeGreaterThan(0);
  });

  it('is not there where the ledgers have everything', () => {
    expect(risk(...writesOf(acked(100)), ...readOf(upTo(100)))).toMatchObject({
      reached: 'not-reached',
      why: '1 ledger (orders) lost nothing',
    });
  });

  it('is not known where nobody read back, or nobody wrote', () => {
    expect(risk(...writesOf(acked(100)))).toMatchObject({ reached: 'not-known' });
    const none = planOf();
    expect(dataAtRisk(timelineOf(none, runMarks()), none)).toMatchObject({ reached: 'not-known' });
  });

  it.each([
    ['Customer data at risk', true],
    ['Data of customers may be harmed', true],
    ['Outage exceeds 2 hours', false],
    ['Our name may suffer', false],
    ['Database team is busy', false],
  ])('"%s" speaks of it: %s', (reason, does) => expect(isAboutData(reason)).toBe(does));
});
