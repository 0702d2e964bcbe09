import { describe, expect, it } from 'vitest';
import type { JournalEvent, SlotOutcome } from '../timeline/events.ts';
import type { LoadFigures } from '../timeline/load-marks.ts';
import { failingIn, mark, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { affectedUsers } from './affected-users.ts';
import { findingsOf, outageRun } from './testing.ts';

const share = (events: readonly JournalEvent[], plan = planOf()) =>
  findingsOf(affectedUsers, events, plan)[0]?.figures;
const clientOf = (outcome: (dueMs: number) => SlotOutcome, probe = 'api') =>
  slotsOf({ probe, untilMs: 20_000, outcome });

const web = { kind: 'http', role: 'web', path: '/' } as const;
const twoClients = planOf({
  probes: { api: { kind: 'http', role: 'api', path: '/health' }, web },
  recovered: { ...planOf().recovered, probes: ['api', 'web'] },
});

describe('the share of affected users', () => {
  it('is all of them where every request of the outage failed: the success that ends it is no part of it', () => {
    expect(share(outageRun())).toEqual({ affectedAtLeast: 1, affectedAtMost: 1, clients: 1 });
    expect(share(outageRun([5000, 5100]))).toMatchObject({ affectedAtMost: 1 });
  });

  it('is the failed ones over all from the injection to the last failure', () => {
    // Every fourth fails, from the first at 5 s to the last at 7.8 s: 8 of 29.
    const oneInFour = clientOf((due) => (due >= 5000 && due < 8000 && due % 400 === 200 ? 'failed' : 'ok'));
    expect(share([...runMarks(), ...oneInFour])).toMatchObject({ affectedAtMost: 8 / 29 });
  });

  it('counts late answers as failed and leaves out what was not sent', () => {
    const events = clientOf((due) => {
      if (due < 5000 || due >= 8000) return 'ok';
      return due === 5500 ? 'unsent' : due % 200 === 0 ? 'ok' : 'late';
    });
    const [finding] = findingsOf(affectedUsers, [...runMarks(), ...events]);
    // 30 slots are due up to the last late one: 15 in time, 14 late, one unsent.
    expect(finding?.figures).toMatchObject({ affectedAtMost: 14 / 29 });
    expect(finding?.details).toEqual(['48.28 % by probe "api": 14 of 29 requests failed']);
  });

  it('is a range where clients differ, and of those alone that the recovery is of', () => {
    const half = clientOf((due) => (due >= 5000 && due < 8000 && due % 200 === 100 ? 'failed' : 'ok'), 'web');
    const finding = findingsOf(affectedUsers, [...outageRun(), ...half], twoClients)[0];
    expect(finding?.figures).toEqual({ affectedAtLeast: 0.5, affectedAtMost: 1, clients: 2 });
    expect(finding?.message).toContain('50 % to 100 %');
    expect(share([...outageRun(), ...half])).toMatchObject({ affectedAtLeast: 1, clients: 1 });
  });

  it('does not count failures before and after the outage', () => {
    expect(share(outageRun([1000, 2000], [5000, 8000]))).toMatchObject({ affectedAtMost: 1 });
    const half = clientOf((due) => {
      if (due >= 1000 && due < 2000) return 'failed';
      return due >= 5000 && due < 8000 && due % 200 === 100 ? 'failed' : 'ok';
    });
    expect(share([...runMarks(), ...half])).toMatchObject({ affectedAtMost: 0.5 });
  });

  it('is no verdict', () => {
    expect(findingsOf(affectedUsers, outageRun())[0]).toMatchObject({
      status: 'pass',
      dimension: 'recovery',
    });
  });

  it('says so where nobody saw the end', () => {
    const [finding] = findingsOf(affectedUsers, outageRun([5000, 99_000]));
    expect(finding?.message).toContain('of an outage whose end nobody saw');
  });

  it('is not told of what nobody noticed, of a run that broke nothing, and of clients that recorded nothing', () => {
    expect(share([...runMarks(), ...clientOf(() => 'ok')])).toBeUndefined();
    expect(share(clientOf(failingIn([5000, 8000])))).toBeUndefined();
    expect(share(runMarks())).toBeUndefined();
  });
});

describe('the share by a load', () => {
  const plan = planOf({
    loads: {
      users: { kind: 'k6', script: 'u.ts', rate: 10, env: {}, 'max-users': 10, thresholds: 'reported' },
    },
  });
  const figures = (failedRatio: number | null): LoadFigures => ({
    requests: 1000,
    failedRatio,
    p95Ms: 10,
    p99Ms: 10,
    iterations: 100,
    droppedIterations: 0,
    thresholds: [],
  });
  const load = (failedRatio: number | null, toMs = 20_000) => [
    ...outageRun(),
    mark(0, { type: 'load.started', load: 'users', kind: 'k6', ratePerSecond: 10 }),
    mark(toMs, {
      type: 'load.summary',
      load: 'users',
      exitCode: 0,
      endedEarly: false,
      figures: figures(failedRatio),
      detail: null,
    }),
  ];

  it('takes what failed for failed in the outage, and the requests for spread evenly', () => {
    // 2.9 s of 20 s: 145 of 1000 requests were due, and 58 failed.
    const [finding] = findingsOf(affectedUsers, load(0.058), plan);
    expect(finding?.figures).toMatchObject({ affectedAtLeast: 0.4, affectedAtMost: 1, clients: 2 });
    expect(finding?.details?.[1]).toBe(
      '40 % by load "users": 58 requests of the whole run failed, and about 145 of its 1000 were due in the outage',
    );
  });

  it('is never more than all', () => {
    expect(share(load(0.9), plan)).toMatchObject({ affectedAtMost: 1 });
  });

  it('is not told by a load without requests, nor by one that had ended before', () => {
    expect(share(load(null), plan)).toMatchObject({ clients: 1 });
    expect(share(load(0.058, 4000), plan)).toMatchObject({ clients: 1 });
  });
});
