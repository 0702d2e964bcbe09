import { describe, expect, it } from 'vitest';
import type { PlannedClaim } from '../definition/plan.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { mark, readOf, runMarks, writesOf } from '../timeline/testing.ts';
import { claims } from './claims.ts';
import { acked, upTo, withLedger } from './ledger-samples.ts';
import { attempted, procedureOf, runbookOf, running } from './runbook-samples.ts';
import { findingsOf } from './testing.ts';

const says = 'None of your data is lost';
const kept = [...writesOf(acked(100)), ...readOf(upTo(100))];
const lossy = [...writesOf(acked(100)), ...readOf(upTo(100, 41, 42))];

function judgedClaim(events: readonly JournalEvent[], claim: Partial<PlannedClaim> = {}) {
  const plan = {
    ...withLedger({ lostAtMostMs: 60_000, writesAtMost: null }),
    runbook: runbookOf('2031-01-01'),
    claims: [{ says, lines: { from: 9, to: 9 }, ledgers: ['orders'], ...claim }],
    stages: [procedureOf([running()])],
  };
  return findingsOf(claims, [...runMarks(), ...events], plan);
}

describe('claims', () => {
  it('asks nothing of a drill that claims nothing', () => {
    expect(findingsOf(claims, [...runMarks(), ...kept], withLedger())).toEqual([]);
  });

  it('passes what the runbook tells where the ledger proves it', () => {
    expect(judgedClaim(kept)).toMatchObject([
      {
        status: 'pass',
        rule: 'claim',
        where: 'database.md:9',
        figures: { true: true, told: null, lostWrites: 0 },
      },
    ]);
  });

  it('fails it for any lost write, also where the objective allows the loss', () => {
    const [finding] = judgedClaim(lossy);
    expect(finding).toMatchObject({ status: 'fail', figures: { true: false, lostWrites: 2 } });
    expect(finding?.message).toContain('it is not true: ledger "orders" lost 2 acknowledged writes');
  });

  it('gives no figure where the ledger gives none, least of all that of the headline', () => {
    const [finding] = judgedClaim([...writesOf(acked(100))]);
    expect(finding?.figures).toMatchObject({ lostWrites: null });
    expect(finding?.figures).not.toHaveProperty('lost');
  });

  it('cannot tell where the ledger cannot', () => {
    expect(judgedClaim([...writesOf(acked(100))])).toMatchObject([
      { status: 'inconclusive', figures: { true: null } },
    ]);
    expect(judgedClaim(kept, { ledgers: ['orders', 'none'] })).toMatchObject([{ status: 'inconclusive' }]);
  });

  describe('that a procedure tells', () => {
    const told = attempted('as-written', { stdout: 'sent: NONE of your\n  data is lost.\n' });
    const untold = attempted('as-written', { stdout: 'sent: we are looking into it\n' });

    it.each([
      ['told and true', [...kept, ...told], 'pass'],
      ['told and false', [...lossy, ...told], 'fail'],
      ['not told and false', [...lossy, ...untold], 'pass'],
      ['not told and true', [...kept, ...untold], 'inconclusive'],
    ] as const)('%s', (_, events, status) => {
      expect(judgedClaim(events, { toldBy: 'fix' })).toMatchObject([{ status }]);
    });

    it('is not known to be untold where the output is not all there', () => {
      const cut = attempted('as-written', { stdout: 'sent: none of …', truncatedBytes: 900 });
      const unfinished = attempted('as-written').filter(({ type }) => type === 'step.start');
      for (const told of [cut, unfinished]) {
        const [finding] = judgedClaim([...lossy, ...told], { toldBy: 'fix' });
        expect(finding).toMatchObject({ status: 'inconclusive', figures: { true: false, told: null } });
        expect(finding?.message).toContain('may have been told by the procedure "fix"');
      }
    });

    it('is not known to be untold by what a person did, and is known by what nobody did', () => {
      const plan = (answer: 'done' | 'skipped') =>
        judgedClaim(
          [
            ...lossy,
            mark(6000, {
              type: 'step.start',
              step: 'step-1',
              procedure: 'fix',
              attempt: 'performed',
              command: null,
            }),
            mark(7000, {
              type: 'step.manual',
              step: 'step-1',
              procedure: 'fix',
              by: 'operator',
              answer,
              note: '',
            }),
          ],
          { toldBy: 'fix' },
        );
      expect(plan('done')).toMatchObject([{ status: 'inconclusive' }]);
      expect(plan('skipped')).toMatchObject([{ status: 'pass', figures: { told: false } }]);
    });

    it('is told by the words of another procedure to nobody', () => {
      expect(judgedClaim([...lossy, ...told], { toldBy: 'another' })).toMatchObject([
        { status: 'pass', figures: { told: false } },
      ]);
    });
  });
});
