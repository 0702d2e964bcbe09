import { describe, expect, it } from 'vitest';
import { failingIn, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { affectedUsers } from './affected-users.ts';
import { findingsOf, outageRun } from './testing.ts';

const twoClients = planOf({
  probes: {
    api: { kind: 'http', role: 'api', path: '/health' },
    site: { kind: 'http', role: 'api', path: '/' },
  },
  recovered: { probes: ['api', 'site'], holdMs: 1000, successRatio: 1, latencyMs: null },
});

/** The API fails from 5 s to 8 s, every second request of the site, too. */
const halfOfTheSite = [
  ...outageRun(),
  ...slotsOf({
    probe: 'site',
    untilMs: 20_000,
    outcome: (dueMs) => (dueMs >= 5000 && dueMs < 8000 && dueMs % 200 === 0 ? 'failed' : 'ok'),
  }),
];

describe('the share of affected users', () => {
  it('is a range from the client that fared best to the one that fared worst', () => {
    const [finding] = findingsOf(affectedUsers, halfOfTheSite, twoClients);
    expect(finding).toMatchObject({ status: 'pass', rule: 'outage.affected', figures: { clients: 2 } });
    expect(finding?.figures?.affectedAtLeast).toBeCloseTo(0.5, 1);
    expect(finding?.figures?.affectedAtMost).toBeCloseTo(1, 1);
    expect(finding?.details?.join('\n')).toContain('by probe "site"');
  });

  it('does not count requests before and after the outage', () => {
    const failing = failingIn([1000, 2000], [5000, 8000]);
    const events = [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: failing })];
    const [finding] = findingsOf(affectedUsers, events);
    expect(finding?.figures?.affectedAtMost).toBeCloseTo(1, 1);
  });

  it('says nothing of a run in which no client failed', () => {
    const events = [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: () => 'ok' })];
    expect(findingsOf(affectedUsers, events)).toEqual([]);
  });
});
