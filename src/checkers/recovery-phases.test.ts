import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../timeline/events.ts';
import { mark, planOf } from '../timeline/testing.ts';
import { recoveryPhases } from './recovery-phases.ts';
import { findingsOf, outageRun, statuses } from './testing.ts';

const procedure = [
  mark(7000, { type: 'procedure.start', procedure: 'fix' }),
  mark(7500, { type: 'procedure.end', procedure: 'fix' }),
];

describe('recoveryPhases', () => {
  it('tells where the time went, and does not call what was not measured zero', () => {
    const [finding] = findingsOf(recoveryPhases, [...outageRun(), ...procedure]);
    expect(finding).toMatchObject({
      status: 'pass',
      message: 'Detect not measured, decide not measured, act 500ms, verify 505ms.',
      figures: { detectUpperMs: null, decideMs: null, actMs: 500, verifyMs: 505 },
    });
  });

  it('measures detection by the platform’s own signal', () => {
    const detected = mark(6000, {
      type: 'condition.met',
      condition: 'alert is failing',
      purpose: 'detection',
      sinceNs: 5800e6,
    });
    const [finding] = findingsOf(recoveryPhases, [...outageRun(), detected, ...procedure]);
    expect(finding?.figures).toMatchObject({ detectLowerMs: 790, detectUpperMs: 1000, decideMs: 1000 });
  });

  it('does not take the detection of an earlier fault for that of the last one', () => {
    const detected = (atMs: number, condition: string) =>
      mark(atMs, { type: 'condition.met', condition, purpose: 'detection', sinceNs: atMs * 1e6 });
    const earlier = mark(4000, { type: 'fault.injecting', injection: 'earlier' });
    const events = [earlier, detected(4500, 'page is failing'), ...outageRun(), ...procedure];
    const figures = (more: readonly JournalEvent[]) =>
      findingsOf(recoveryPhases, [...events, ...more])[0]?.figures;
    expect(figures([detected(6000, 'alert is failing')])).toMatchObject({
      detectUpperMs: 1000,
      decideMs: 1000,
    });
    expect(figures([])).toMatchObject({ detectUpperMs: null, decideMs: null });
  });

  it('tells of each signal when it noticed', () => {
    const met = { type: 'condition.met', purpose: 'detection' } as const;
    const signals = [
      mark(6000, { ...met, condition: 'alert is failing', sinceNs: 5800e6 }),
      mark(6500, { ...met, condition: 'breaker is failing', sinceNs: 6400e6 }),
    ];
    const found = findingsOf(recoveryPhases, [...outageRun(), ...signals, ...procedure]);
    expect(found.filter(({ rule }) => rule === 'recovery.detected')).toMatchObject([
      { status: 'pass', figures: { signal: 'alert is failing', upperMs: 1000 } },
      { status: 'pass', figures: { signal: 'breaker is failing', lowerMs: 1390, upperMs: 1500 } },
    ]);
  });

  it('fails a signal of the platform that did not notice', () => {
    const timeout = mark(9000, {
      type: 'condition.timeout',
      condition: 'alert is failing',
      purpose: 'detection',
      observed: 'quiet',
    });
    expect(statuses(findingsOf(recoveryPhases, [...outageRun(), timeout]))).toEqual([
      'recovery.detection: fail',
    ]);
  });

  it('blames no signal for a fault that took no effect', () => {
    const timeout = (purpose: 'symptom' | 'detection', atMs: number) =>
      mark(atMs, {
        type: 'condition.timeout',
        condition: `${purpose} is failing`,
        purpose,
        observed: 'quiet',
      });
    const found = findingsOf(recoveryPhases, [
      ...outageRun(),
      timeout('symptom', 8000),
      timeout('detection', 9000),
    ]);
    expect(statuses(found)).toEqual(['recovery.detection: inconclusive']);
  });

  it('fails a service that fails again after it had seemed to recover', () => {
    const [finding] = findingsOf(recoveryPhases, outageRun([5000, 7000], [12_000, 12_300]));
    expect(finding).toMatchObject({
      status: 'fail',
      rule: 'recovery.flapping',
      figures: { relapses: 1, firstRelapseAfterMs: 4995 },
    });
    expect(findingsOf(recoveryPhases, outageRun([5000, 7000]))).toEqual([]);
  });

  it('fails a stage that waited in vain', () => {
    const timeout = (condition: string) =>
      mark(9000, { type: 'condition.timeout', condition, purpose: 'until', observed: '5' });
    expect(statuses(findingsOf(recoveryPhases, [...outageRun(), timeout('lag equals 0')], planOf()))).toEqual(
      ['recovery.until: fail'],
    );
    expect(findingsOf(recoveryPhases, [...outageRun(), timeout('recovered')])).toEqual([]);
  });
});
