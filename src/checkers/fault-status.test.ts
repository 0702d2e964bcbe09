import { describe, expect, it } from 'vitest';
import type { FaultStatus } from '../timeline/events.ts';
import { mark } from '../timeline/testing.ts';
import { faultStatus } from './fault-status.ts';
import { findingsOf, outageRun, statuses } from './testing.ts';

const procedure = (startMs: number) => [
  mark(startMs, { type: 'procedure.start', procedure: 'restart' }),
  mark(startMs + 500, { type: 'procedure.end', procedure: 'restart' }),
];
const status = (what: FaultStatus, atMs = 5900) =>
  mark(atMs, { type: 'fault.status', injection: 'crash', status: what, when: 'before-procedure' });

describe('faultStatus', () => {
  it.each([
    ['active', 'pass'],
    ['superseded', 'pass'],
    ['gone', 'inconclusive'],
    ['unknown', 'inconclusive'],
  ] as const)('a fault that is %s before the procedure: %s', (what, verdict) => {
    expect(statuses(findingsOf(faultStatus, [...outageRun(), status(what), ...procedure(6000)]))).toEqual([
      `validity.fault-status: ${verdict}`,
    ]);
  });

  it('is inconclusive where nobody looked, or only too early', () => {
    expect(statuses(findingsOf(faultStatus, [...outageRun(), ...procedure(6000)]))).toEqual([
      'validity.fault-status: inconclusive',
    ]);
    expect(
      statuses(findingsOf(faultStatus, [...outageRun(), status('active', 4000), ...procedure(6000)])),
    ).toEqual(['validity.fault-status: inconclusive']);
  });

  it('says that the procedure was not needed where the platform recovered by itself', () => {
    const findings = findingsOf(faultStatus, [...outageRun(), status('active'), ...procedure(12_000)]);
    expect(statuses(findings)).toEqual(['validity.fault-status: pass', 'procedure.not-needed: pass']);
    expect(findings[1]).toMatchObject({
      dimension: 'recovery',
      message: expect.stringContaining('by itself, 4s before procedure "restart"'),
    });
  });

  it('asks nothing where the drill healed the fault before the procedure, and where there is none', () => {
    expect(findingsOf(faultStatus, [...outageRun(), ...procedure(17_000)])).toEqual([]);
    expect(findingsOf(faultStatus, outageRun())).toEqual([]);
  });
});
