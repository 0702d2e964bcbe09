import { describe, expect, it } from 'vitest';
import { mark, planOf, runMarks, slotsOf, timelineOf } from '../timeline/testing.ts';
import { findingsOf, outageRun, statuses, statusOf, without } from './testing.ts';
import { validity } from './validity.ts';

describe('validity', () => {
  it('passes a run that is whole, was healthy before, and saw its fault take effect', () => {
    const findings = findingsOf(validity, outageRun());
    expect(statuses(findings)).toEqual(['validity.steady: pass', 'validity.symptom: pass']);
    expect(findings[0]?.figures).toEqual({ baselineErrorRate: 0, baselineLatencyMs: 5 });
    expect(findings[1]?.message).toBe('Fault "crash" took effect: "api is failing" 200ms after it.');
  });

  it.each([
    [
      'interrupted',
      [...outageRun(), mark(9000, { type: 'interrupted', reason: 'Ctrl-C' })],
      'the run was interrupted (Ctrl-C)',
    ],
    ['ended by a crash', without(outageRun(), 'run.end'), 'the journal ends before the run does'],
  ])('is inconclusive for a run that was %s', (_how, events, words) => {
    const [finding] = findingsOf(validity, events);
    expect(finding).toMatchObject({
      status: 'inconclusive',
      rule: 'validity.run',
      message: expect.stringContaining(words),
    });
  });

  it('is inconclusive for a torn journal', () => {
    const findings = validity.check(timelineOf(planOf(), outageRun(), true), planOf());
    expect(statusOf(findings, 'validity.run')).toEqual(['inconclusive']);
  });

  it('is inconclusive where a part of the drill could not be done, but for evidence that only adds', () => {
    const error = (where: string) => mark(9000, { type: 'error', where, message: 'it broke' });
    expect(statusOf(findingsOf(validity, [...outageRun(), error('StageError')]), 'validity.error')).toEqual([
      'inconclusive',
    ]);
    expect(
      statusOf(findingsOf(validity, [...outageRun(), error('evidence of db')]), 'validity.error'),
    ).toEqual([]);
  });

  it.each([
    ['never', without(outageRun(), 'steady.met')],
    ['only after the fault', [...without(outageRun(), 'steady.met'), mark(6000, { type: 'steady.met' })]],
    [
      'not in time',
      [
        ...without(outageRun(), 'steady.met'),
        mark(3000, { type: 'steady.timeout', reason: 'api: HTTP 503' }),
      ],
    ],
  ])('is inconclusive where the platform was %s healthy', (_when, events) => {
    expect(statusOf(findingsOf(validity, events), 'validity.steady')).toEqual(['inconclusive']);
  });

  it('names the probes that were not asked to be healthy', () => {
    const plan = planOf();
    const more = planOf({
      probes: { ...plan.probes, door: { kind: 'http', role: 'api', path: '/' } },
      steady: { ...plan.steady, probes: ['api'] },
    });
    const [finding] = findingsOf(validity, outageRun(), more);
    expect(finding).toMatchObject({ status: 'pass', rule: 'validity.steady' });
    expect(finding?.message).toMatch(/ Not asked to be: door\.$/);
  });

  it('is inconclusive where a client has no baseline', () => {
    expect(statusOf(findingsOf(validity, runMarks()), 'validity.baseline')).toEqual(['inconclusive']);
    const unsent = slotsOf({ untilMs: 20_000, outcome: (due) => (due < 4000 ? 'unsent' : 'ok') });
    expect(statusOf(findingsOf(validity, [...runMarks(), ...unsent]), 'validity.baseline')).toEqual([
      'inconclusive',
    ]);
  });

  it('is inconclusive where the fault took no effect', () => {
    const [, finding] = findingsOf(validity, [
      ...runMarks({ symptom: false }),
      ...slotsOf({ untilMs: 20_000, outcome: () => 'ok' }),
    ]);
    expect(finding).toMatchObject({
      status: 'inconclusive',
      rule: 'validity.symptom',
      message: expect.stringContaining('took no effect'),
    });
  });

  it('does not take a symptom that was there before the fault for its effect', () => {
    const early = mark(4000, {
      type: 'condition.met',
      condition: 'api is failing',
      purpose: 'symptom',
      sinceNs: 4e9,
    });
    expect(
      statusOf(findingsOf(validity, [...without(outageRun(), 'condition.met'), early]), 'validity.symptom'),
    ).toEqual(['inconclusive']);
  });

  it('wants each fault to have a symptom of its own', () => {
    const plan = planOf({
      scenario: {
        ...planOf().scenario,
        symptoms: [{ when: { probe: 'api', is: 'failing' }, after: 'other' }],
      },
    });
    const [, finding] = findingsOf(validity, outageRun(), plan);
    expect(finding).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('declares no symptom of fault "crash"'),
    });
  });

  it.each([
    ['was not set off', without(outageRun(), 'fault.injecting', 'fault.injected')],
    ['may not have been', without(outageRun(), 'fault.injected')],
  ])('is inconclusive where a planned fault %s', (_what, events) => {
    expect(statusOf(findingsOf(validity, events), 'validity.fault')).toEqual(['inconclusive']);
  });

  it('tells why a fault could not be set off', () => {
    const failed = mark(5005, { type: 'fault.failed', injection: 'crash', message: 'no such process' });
    const findings = findingsOf(validity, [...without(outageRun(), 'fault.injected'), failed]);
    expect(findings.map(({ message }) => message)).toContain(
      'Fault "crash" could not be set off: no such process',
    );
  });
});
