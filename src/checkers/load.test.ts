import { describe, expect, it } from 'vitest';
import type { PlannedLoad } from '../definition/load-spec.ts';
import type { LoadEnded, LoadFigures } from '../timeline/load-marks.ts';
import { mark, planOf } from '../timeline/testing.ts';
import { load } from './load.ts';
import { findingsOf, outageRun, statuses } from './testing.ts';

const planned: PlannedLoad = {
  kind: 'k6',
  script: 'users.ts',
  rate: 20,
  'max-users': 40,
  thresholds: 'reported',
};
const held = { metric: 'http_req_failed', condition: 'rate<0.01', ok: true };
const figures: LoadFigures = {
  requests: 1500,
  failedRatio: 0.125,
  p95Ms: 42.4,
  p99Ms: 310.2,
  iterations: 380,
  droppedIterations: 0,
  thresholds: [held],
};
const ended: LoadEnded = { load: 'users', exitCode: 105, endedEarly: false, figures, detail: null };

/** What is found of a load that worked from 0 s to 19 s. */
function found(
  changes: Partial<LoadEnded> = {},
  thresholds: PlannedLoad['thresholds'] = 'reported',
  marks: readonly ('started' | 'summary')[] = ['started', 'summary'],
) {
  const all = {
    started: mark(100, { type: 'load.started', load: 'users', kind: 'k6', ratePerSecond: 20 }),
    summary: mark(19_100, { type: 'load.summary', ...ended, ...changes }),
  };
  const events = [...marks.map((name) => all[name]), ...outageRun()];
  return findingsOf(load, events, planOf({ loads: { users: { ...planned, thresholds } } }));
}

const withFigures = (changes: Partial<LoadFigures>) => ({ figures: { ...figures, ...changes } });

describe('the load', () => {
  it('is no question where the drill has none', () => {
    expect(findingsOf(load, outageRun())).toEqual([]);
  });

  it('that was there is told with its figures', () => {
    expect(found().map(({ message }) => message)).toEqual([
      'Load "users" offered what it promised: 20 iterations a second from before the steady phase on, none dropped.',
      'Load "users": 1500 requests in 380 iterations, 12.5 % failed; of those that succeeded 95 % took at most 43ms and 99 % at most 311ms.',
      'Load "users": every threshold held (http_req_failed rate<0.01).',
    ]);
    expect(found()[1]?.figures).toMatchObject({ load: 'users', requests: 1500, thresholdsCrossed: 0 });
  });

  it.each([
    [
      'dropped an iteration',
      withFigures({ droppedIterations: 1 }),
      /1 of 381 iterations had no user to do it/,
    ],
    ['came at a lower rate', withFigures({ iterations: 300 }), /300 iterations, and 380 were due in 19s/],
    [
      'ended before it was stopped',
      { endedEarly: true, exitCode: 99 },
      /ended before the drill did \(exit code 99\)/,
    ],
    ['was killed', { exitCode: null, figures: null }, /left no summary \(killed\)/],
  ])('that %s makes the run inconclusive', (_, changes, said) => {
    const [first] = found(changes);
    expect(first).toMatchObject({ rule: 'validity.load', status: 'inconclusive', dimension: 'validity' });
    expect(first?.message).toMatch(said);
  });

  it('counts users who were still at it when they were stopped', () => {
    expect(statuses(found(withFigures({ iterations: 302 })))[0]).toBe('validity.load: pass');
  });

  it.each([
    [[], 'never began'],
    [['summary'], 'never began'],
    [['started'], 'nobody knows what became of it'],
  ] as const)('of which the journal has only %j is inconclusive', (marks, said) => {
    const [first] = found({}, 'reported', marks);
    expect(first?.status).toBe('inconclusive');
    expect(first?.message).toContain(said);
  });

  it('shows the last lines of its log', () => {
    expect(found({ endedEarly: true, detail: 'one\ntwo' })[0]?.details).toEqual(['one', 'two']);
  });

  const crossed = withFigures({ thresholds: [held, { ...held, condition: 'rate==0', ok: false }] });

  it('fails by a crossed threshold only where the drill says so', () => {
    expect(statuses(found(crossed))).toEqual(['validity.load: pass', 'load: pass', 'load.threshold: pass']);
    expect(statuses(found(crossed, 'must-hold'))[2]).toBe('load.threshold: fail');
  });

  it('never blames the platform for iterations that the generator dropped', () => {
    const dropped = withFigures({
      droppedIterations: 3,
      thresholds: [{ metric: 'dropped_iterations{scenario:users}', condition: 'count==0', ok: false }],
    });
    expect(statuses(found(dropped, 'must-hold'))).toEqual([
      'validity.load: inconclusive',
      'load: pass',
      'load.threshold: pass',
    ]);
  });

  it.each([
    ['there are none', withFigures({ thresholds: [] })],
    ['nobody knows them', { figures: null }],
  ])('does not pass thresholds that must hold where %s', (_, changes) => {
    expect(statuses(found(changes, 'must-hold')).at(-1)).toBe('load.threshold: inconclusive');
  });
});
