import { describe, expect, it } from 'vitest';
import type { Plan } from '../../definition/plan.ts';
import type { MarkEvent } from '../../timeline/events.ts';
import { progressOf } from './model.ts';

const plan = {
  platform: { platform: 'shop' },
  steady: { windowMs: 2000, withinMs: 60_000 },
  stages: [],
} as unknown as Plan;

function linesOf(events: readonly object[]): readonly string[] {
  const model = progressOf(plan);
  return events.flatMap((event, second) => model.add({ atNs: second * 1e9, ...event } as MarkEvent));
}

describe('progress of a run', () => {
  it('says how long the platform took, when it is up', () => {
    const lines = linesOf([
      { type: 'phase.start', phase: 'provision' },
      { type: 'phase.end', phase: 'provision' },
      { type: 'phase.start', phase: 'steady' },
    ]);
    expect(lines).toEqual(['✓ platform shop up in 1 s']);
  });

  it('says why a warm cluster could not be used', () => {
    const reasons = ['Deployment kube-system/coredns is another one'];
    expect(linesOf([{ type: 'cluster.renewed', cluster: 'primary-cluster', reasons }])).toEqual([
      '! warm cluster primary-cluster is made anew: Deployment kube-system/coredns is another one',
    ]);
  });

  it('does not say so of a platform that could not be set up', () => {
    const lines = linesOf([
      { type: 'phase.start', phase: 'provision' },
      { type: 'error', where: 'EnvironmentError', message: 'port 5432 is taken' },
      { type: 'phase.end', phase: 'provision' },
      { type: 'phase.start', phase: 'teardown' },
    ]);
    expect(lines).toEqual(['! EnvironmentError: port 5432 is taken']);
  });
});
