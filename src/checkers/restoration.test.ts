import { describe, expect, it } from 'vitest';
import { failingIn, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { restoration } from './restoration.ts';
import { findingsOf, outageRun } from './testing.ts';

const probes = ['database', 'sign-in', 'api'] as const;
type BackAt = { readonly [probe in (typeof probes)[number]]?: number };

/** All fail from 5 s; each is back at its time, or was never down. */
function order(backAt: BackAt) {
  const slots = probes.flatMap((probe) =>
    slotsOf({
      probe,
      untilMs: 20_000,
      outcome: backAt[probe] === undefined ? () => 'ok' : failingIn([5000, backAt[probe]]),
    }),
  );
  const plan = planOf({
    probes: Object.fromEntries(probes.map((probe) => [probe, { kind: 'http', role: probe, path: '/' }])),
    restorationOrder: [...probes],
  });
  return findingsOf(restoration, [...runMarks(), ...slots], plan);
}

describe('the order of restoration', () => {
  it('passes where each was back after those before it', () => {
    expect(order({ database: 7000, 'sign-in': 9000, api: 11_000 })).toMatchObject([
      { status: 'pass', rule: 'restoration.order', figures: { judged: 3, violations: 0 } },
    ]);
  });

  it('fails where a later one was back first, and names both', () => {
    const [finding] = order({ database: 11_000, 'sign-in': 9000, api: 12_000 });
    expect(finding).toMatchObject({ status: 'fail', figures: { violations: 1 } });
    expect(finding?.message).toContain('sign-in was back before database');
  });

  it('fails where a later one was back and an earlier one never', () => {
    expect(order({ database: 20_000, 'sign-in': 9000, api: 12_000 })).toMatchObject([{ status: 'fail' }]);
  });

  it('takes what came back within one period for the same time, and says so', () => {
    const [finding] = order({ database: 9000, 'sign-in': 9000, api: 12_000 });
    expect(finding?.status).toBe('pass');
    expect(finding?.message).toContain(
      'at the same time, as far as their probes can tell: database and sign-in',
    );
  });

  it('proves nothing by intervals that overlap, whichever of them ends first', () => {
    const plan = planOf({ restorationOrder: ['database', 'api'] });
    // Back between 8.8 s and 9.205 s, and between 8.9 s and 9.005 s.
    const rare = { probe: 'database', periodMs: 400, untilMs: 20_000, outcome: failingIn([5000, 9000]) };
    const [finding] = findingsOf(restoration, [...outageRun([5000, 9000]), ...slotsOf(rare)], plan);
    expect(finding?.status).toBe('pass');
    expect(finding?.message).toContain('at the same time, as far as their probes can tell: database and api');
  });

  it('asks nothing of a drill without an order, nor of a run that broke nothing', () => {
    expect(findingsOf(restoration, outageRun())).toEqual([]);
    const plan = planOf({ restorationOrder: ['api'] });
    expect(findingsOf(restoration, slotsOf({ untilMs: 900, outcome: failingIn() }), plan)).toEqual([]);
  });

  it('does not know it where one of them recorded nothing', () => {
    const plan = planOf({ restorationOrder: ['api', 'web', 'database'] });
    const web = slotsOf({ probe: 'web', untilMs: 20_000, outcome: failingIn([5000, 9000]) });
    const [finding] = findingsOf(restoration, [...outageRun(), ...web], plan);
    expect(finding).toMatchObject({ status: 'inconclusive', figures: { judged: 2 } });
    expect(finding?.message).toContain('when database came back cannot be told');
  });

  it('does not know it of fewer than two that were down, nor of one that did not come back', () => {
    expect(order({ database: 7000 })).toMatchObject([{ status: 'inconclusive' }]);
    expect(order({ database: 7000, 'sign-in': 9000, api: 20_000 })).toMatchObject([
      { status: 'inconclusive' },
    ]);
  });
});
