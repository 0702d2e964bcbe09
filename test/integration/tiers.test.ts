import { describe, expect, it } from 'vitest';
import { tierInWords } from '../tiers.ts';

const file = (name: string, ...statuses: string[]) => ({
  name: `/checkout/test/${name}.test.ts`,
  assertionResults: statuses.map((status) => ({ status })),
});
const words = (...testResults: ReturnType<typeof file>[]) =>
  tierInWords({ testResults }, '/checkout', 'no engine');

describe('what became of the container tier', () => {
  it('it ran, also where a test failed', () => {
    expect(words(file('e2e/drills', 'skipped'), file('containers/redis', 'passed', 'failed'))).toEqual([
      'The container tier ran: 2 tests.',
    ]);
  });

  it('it ran, but for what takes too long for every change', () => {
    expect(words(file('containers/redis', 'passed'), file('containers/drills', 'passed', 'skipped'))).toEqual(
      ['The container tier ran: 2 of 3 tests. The other 1 run with DRILLBOOK_FULL=1.'],
    );
  });

  it('it was skipped: how much, which files, and why', () => {
    expect(
      words(file('containers/engine', 'passed'), file('containers/redis', 'skipped', 'pending')),
    ).toEqual([
      'CONTAINER TIER SKIPPED: 2 of 3 tests did not run: no engine.',
      '  skipped: test/containers/redis.test.ts (2 tests)',
    ]);
  });

  it('nothing of it was collected', () => {
    expect(words(file('e2e/drills', 'passed'))).toEqual([
      'CONTAINER TIER NOT RUN: none of its tests were collected.',
    ]);
  });
});
