import { describe, expect, it } from 'vitest';
import type { FaultStatus } from '../timeline/events.ts';
import { mark } from '../timeline/testing.ts';
import { cleanup } from './cleanup.ts';
import { findingsOf, outageRun, statuses, without } from './testing.ts';

const bare = without(outageRun(), 'fault.healed', 'fault.status');
const healed = (status: FaultStatus) =>
  mark(16_600, { type: 'fault.healed', injection: 'crash', status, by: 'run' });
const atEnd = (status: FaultStatus) =>
  mark(20_100, { type: 'fault.status', injection: 'crash', status, when: 'at-end' });
const environment = 'cleanup.environment: pass';

describe('cleanup', () => {
  it.each([
    ['gone', 'pass'],
    ['superseded', 'pass'],
    ['active', 'fail'],
    ['unknown', 'inconclusive'],
  ] as const)('a fault that is %s at the end: %s', (status, verdict) => {
    expect(statuses(findingsOf(cleanup, [...bare, atEnd(status)]))).toEqual([
      `cleanup.healed: ${verdict}`,
      environment,
    ]);
  });

  it('does not say that recovery replaced what a fault without a way back did', () => {
    const spec = { fault: 'sql', target: 'api', inject: 'update t set c = 0' } as const;
    const marks = bare.map((each) =>
      each.type === 'fault.prepared' ? { ...each, injection: { ...each.injection, spec } } : each,
    );
    const [finding] = findingsOf(cleanup, [...marks, healed('superseded')]);
    expect(finding).toMatchObject({
      status: 'pass',
      message: 'Fault "crash" (sql of api) is over: it has no way back but what the recovery did.',
    });
  });

  it('takes the last that is known', () => {
    expect(statuses(findingsOf(cleanup, [...bare, healed('gone'), atEnd('active')]))[0]).toBe(
      'cleanup.healed: fail',
    );
    expect(statuses(findingsOf(cleanup, [...bare, healed('gone'), atEnd('unknown')]))[0]).toBe(
      'cleanup.healed: pass',
    );
  });

  it('does not take a look before the procedure for the end', () => {
    const before = mark(6000, {
      type: 'fault.status',
      injection: 'crash',
      status: 'gone',
      when: 'before-procedure',
    });
    expect(statuses(findingsOf(cleanup, [...bare, before]))[0]).toBe('cleanup.healed: inconclusive');
  });

  it('tells why a heal failed', () => {
    const failed = mark(16_600, { type: 'fault.heal-failed', injection: 'crash', message: 'no permission' });
    expect(findingsOf(cleanup, [...bare, failed])[0]).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('no permission'),
    });
  });

  it('wants the platform taken down, with nothing left', () => {
    const up = mark(1, {
      type: 'environment',
      record: { environment: 'local', runId: 'r', runDir: '.', details: {} },
    });
    const run = without(outageRun(), 'environment.down');
    expect(statuses(findingsOf(cleanup, [...run, up]))[1]).toBe('cleanup.environment: inconclusive');
    const down = (leftovers: string[]) => mark(21_000, { type: 'environment.down', leftovers });
    expect(statuses(findingsOf(cleanup, [...run, up, down(['process 7'])]))[1]).toBe(
      'cleanup.environment: fail',
    );
    expect(statuses(findingsOf(cleanup, [...run, up, down(['process 7']), down([])]))[1]).toBe(environment);
    const unseen = mark(21_000, { type: 'environment.down', leftovers: ['no engine answers'], unseen: true });
    expect(findingsOf(cleanup, [...run, up, unseen])[1]).toMatchObject({
      status: 'inconclusive',
      details: ['no engine answers'],
    });
    expect(statuses(findingsOf(cleanup, run))[1]).toBe(environment);
  });
});
