import { describe, expect, it } from 'vitest';
import type { Plan } from '../definition/plan.ts';
import { mark, planOf, runMarks, writesOf } from '../timeline/testing.ts';
import { revived } from './revived.ts';
import { findingsOf, statuses } from './testing.ts';

const start = (atMs: number) =>
  mark(atMs, {
    type: 'component.started',
    component: 'api',
    instance: 'api',
    pid: 7,
    pidStart: '9',
    address: 'old:5432',
  });
const rejoined = mark(17_500, { type: 'rejoined', component: 'api', instance: 'api', how: 'base backup' });
const stageOf = (fromMs: number, toMs: number) => [
  mark(fromMs, { type: 'stage.start', stage: 3 }),
  mark(toMs, { type: 'stage.end', stage: 3, outcome: 'done' }),
];
const plan: Plan = planOf({ stages: [...planOf().stages, { kind: 'rejoin', target: 'api' }] });
const by = (instance: string, timeLine: number, count: number) =>
  Array.from({ length: count }, () => ({ outcome: 'acked' as const, instance, timeLine }));
/** The new primary acknowledges from 7 s on. */
const takeover = writesOf(
  [...by('old:5432', 1, 50), ...by('new:5432', 2, 100)].map((write, index) =>
    index < 50 ? write : { ...write, sentNs: (2000 + index * 100) * 1e6, endNs: (2001 + index * 100) * 1e6 },
  ),
);

const check = (...events: Parameters<typeof findingsOf>[1]) => statuses(findingsOf(revived, events, plan));
const superseded = runMarks({ status: 'superseded' });

describe('revived', () => {
  it('passes a superseded instance that stays down, or comes back by rejoining', () => {
    expect(check(start(1), ...superseded)).toEqual(['cleanup.revived: pass']);
    expect(check(start(1), ...superseded, ...stageOf(17_000, 17_600), start(17_100), rejoined)).toEqual([
      'cleanup.revived: pass',
    ]);
    expect(check(start(1), ...superseded, rejoined, start(17_700))).toEqual(['cleanup.revived: pass']);
  });

  it('passes one that returns, where it can take no write, before it rejoins', () => {
    const returns = planOf({ stages: [...planOf().stages, { kind: 'return', target: 'api' }] });
    const events = [start(1), ...superseded, ...stageOf(17_000, 17_600), start(17_100)];
    expect(statuses(findingsOf(revived, events, returns))).toEqual(['cleanup.revived: pass']);
  });

  it('fails a heal that starts it again', () => {
    expect(check(start(1), ...superseded, start(16_550))).toEqual(['cleanup.revived: fail']);
  });

  it('finds it by the ledger where the fault only looks healed', () => {
    expect(check(start(1), ...runMarks(), ...takeover, start(16_550))).toEqual(['cleanup.revived: fail']);
    expect(check(start(1), ...runMarks(), ...takeover)).toEqual(['cleanup.revived: pass']);
  });

  it('has nothing to say of faults that take no instance away: starting it again may be the recovery', () => {
    const spec = { fault: 'sql', target: 'api', inject: 'update t set c = 0' } as const;
    const marks = superseded.map((each) =>
      each.type === 'fault.prepared' ? { ...each, injection: { ...each.injection, spec } } : each,
    );
    expect(check(start(1), ...marks, start(16_550))).toEqual([]);
  });

  it('has nothing to say where nothing was superseded: a heal starts what it killed', () => {
    expect(check(start(1), ...runMarks(), start(16_550))).toEqual([]);
  });
});
