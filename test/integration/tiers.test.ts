import { describe, expect, it } from 'vitest';
import { tiersInWords } from '../tiers.ts';

const file = (name: string, ...statuses: string[]) => ({
  name: `/checkout/test/${name}.test.ts`,
  assertionResults: statuses.map((status) => ({ status })),
});
const words = (...testResults: ReturnType<typeof file>[]) =>
  tiersInWords({ testResults }, '/checkout', 'no engine');
const noPlatform = 'PLATFORM TIER NOT RUN: none of its tests were collected.';
const noContainers = 'CONTAINER TIER NOT RUN: none of its tests were collected.';
const noKind = 'KIND TIER NOT RUN: none of its tests were collected.';

describe('what became of the tiers', () => {
  it('they ran, also where a test failed', () => {
    expect(
      words(
        file('e2e/drills', 'passed', 'skipped'),
        file('containers/redis', 'passed', 'failed'),
        file('kind/warm', 'passed'),
      ),
    ).toEqual([
      'The platform tier ran: 1 of 2 tests. The other 1 run with DRILLBOOK_FULL=1.',
      'The container tier ran: 2 tests.',
      'The kind tier ran: 1 tests.',
    ]);
  });

  it('one ran, but for what takes too long for every change', () => {
    expect(words(file('containers/redis', 'passed'), file('containers/drills', 'passed', 'skipped'))).toEqual(
      [noPlatform, 'The container tier ran: 2 of 3 tests. The other 1 run with DRILLBOOK_FULL=1.', noKind],
    );
  });

  it('one was skipped: how much, which files, and why', () => {
    expect(
      words(
        file('containers/engine', 'passed'),
        file('containers/redis', 'skipped', 'pending'),
        file('kind/warm', 'skipped'),
      ),
    ).toEqual([
      noPlatform,
      'CONTAINER TIER SKIPPED: 2 of 3 tests did not run: no engine.',
      '  skipped: test/containers/redis.test.ts (2 tests)',
      'KIND TIER SKIPPED: 1 of 1 tests did not run: no engine.',
      '  skipped: test/kind/warm.test.ts (1 tests)',
    ]);
  });

  it('nothing of them was collected', () => {
    expect(words(file('e2e/drills', 'passed'))).toEqual([
      'The platform tier ran: 1 tests.',
      noContainers,
      noKind,
    ]);
  });
});
