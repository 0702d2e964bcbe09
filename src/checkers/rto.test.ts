import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, PlannedProcedure } from '../definition/plan.ts';
import { failingIn, mark, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { rto } from './rto.ts';
import { performing } from './runbook-samples.ts';
import { findingsOf, outageRun, statuses, without } from './testing.ts';

const targetOf = (targetMs: number, from = 'crash', until = 'recovered'): Partial<Plan> => ({
  objectives: { rto: { kind: 'time', from, until, targetMs } },
});

describe('rto', () => {
  it('is an interval that counts from before the fault, judged by its upper end', () => {
    const [finding] = findingsOf(rto, outageRun());
    expect(finding).toMatchObject({
      dimension: 'recovery',
      status: 'pass',
      rule: 'rto',
      message: 'RTO was 2.89s to 3.01s, within the target of 10s.',
      figures: {
        objective: 'rto',
        rtoLowerMs: 2890,
        rtoUpperMs: 3005,
        rtoTargetMs: 10_000,
        rtoWithPeopleUpperMs: 3005,
      },
    });
    expect(statuses(findingsOf(rto, outageRun(), planOf(targetOf(3005))))).toEqual(['rto: pass']);
    expect(statuses(findingsOf(rto, outageRun(), planOf(targetOf(3000))))).toEqual(['rto: fail']);
  });

  it('has the truth in it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 9000 }), fc.constantFrom(20, 50, 100), (outageMs, periodMs) => {
        const events = [
          ...runMarks(),
          ...slotsOf({ untilMs: 20_000, periodMs, outcome: failingIn([5000, 5000 + outageMs]) }),
        ];
        const [finding] = findingsOf(rto, events);
        expect(finding?.figures?.rtoLowerMs).toBeLessThanOrEqual(outageMs);
        expect(finding?.figures?.rtoUpperMs).toBeGreaterThanOrEqual(outageMs);
      }),
      { numRuns: 30 },
    );
  });

  it('fails a service that did not come back, with what is known', () => {
    const [finding] = findingsOf(rto, outageRun([5000, 30_000]));
    expect(finding).toMatchObject({
      status: 'fail',
      rule: 'rto.not-recovered',
      figures: { rtoLowerMs: 14_890, rtoUpperMs: null },
    });
    expect(finding?.message).toContain('RTO is more than 14.89s');
  });

  it('fails a service that flaps', () => {
    const flapping = Array.from(
      { length: 20 },
      (_, index) => [5000 + index * 800, 5400 + index * 800] as const,
    );
    expect(statuses(findingsOf(rto, outageRun(...flapping)))).toEqual(['rto.not-recovered: fail']);
  });

  it('does not blame the service for a run that was cut short before its target', () => {
    const cut = without(outageRun([5000, 30_000]), 'run.end');
    expect(statuses(findingsOf(rto, cut, planOf(targetOf(60_000))))).toEqual([
      'rto.not-recovered: inconclusive',
    ]);
    expect(statuses(findingsOf(rto, cut, planOf(targetOf(8000))))).toEqual(['rto.not-recovered: fail']);
  });

  it('does not blame it for a drill that an error ended before its target, unless it had waited to the end', () => {
    const error = mark(9000, { type: 'error', where: 'EnvironmentError', message: 'the engine is gone' });
    const gone = [...outageRun([5000, 30_000]), error];
    expect(findingsOf(rto, gone, planOf(targetOf(60_000)))).toMatchObject([
      { status: 'inconclusive', message: expect.stringContaining('the engine is gone') },
    ]);
    expect(statuses(findingsOf(rto, gone, planOf(targetOf(8000))))).toEqual(['rto.not-recovered: fail']);
  });

  it('is not known where the harness did not look', () => {
    const outage = failingIn([5000, 8000]);
    const slots = slotsOf({
      untilMs: 20_000,
      outcome: (due) => ([8500, 8600].includes(due) ? 'unsent' : outage(due)),
    });
    expect(statuses(findingsOf(rto, [...runMarks(), ...slots]))).toEqual(['time.unknown: inconclusive']);
    expect(statuses(findingsOf(rto, without(outageRun(), 'fault.injecting')))).toEqual([
      'time.unknown: inconclusive',
    ]);
  });

  describe('where no request of a client failed', () => {
    const plan = planOf({
      scenario: { ...planOf().scenario, symptoms: [{ when: { probe: 'queue', above: 10 } }] },
      ...targetOf(1500),
    });
    const healthy = [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: () => 'ok' })];
    const queue = (untilMs: number) =>
      slotsOf({
        probe: 'queue',
        untilMs: 20_000,
        outcome: () => 'ok',
        value: (due) => (due >= 5000 && due < untilMs ? 50 : 0),
      });

    it('judges when the symptom was over', () => {
      const [finding] = findingsOf(rto, [...healthy, ...queue(6000)], plan);
      expect(finding).toMatchObject({
        status: 'pass',
        rule: 'rto.symptom',
        figures: { clientFailed: false, upperMs: 1005 },
      });
      expect(finding?.figures).not.toHaveProperty('rtoUpperMs');
      expect(statuses(findingsOf(rto, [...healthy, ...queue(7000)], plan))).toEqual(['rto.symptom: fail']);
    });

    it('does not know where there was no symptom either', () => {
      expect(statuses(findingsOf(rto, [...healthy, ...queue(0)], plan))).toEqual([
        'time.unknown: inconclusive',
      ]);
    });
  });

  describe('with people', () => {
    const procedure: PlannedProcedure = performing({ peopleMs: 60_000 });
    const taken = (beganMs: number, endedMs: number) => [
      ...outageRun(),
      mark(beganMs, {
        type: 'step.start',
        step: 'step-1',
        procedure: 'fix',
        attempt: 'performed',
        command: 'true',
      }),
      ...ended(endedMs),
    ];
    const run = taken(6000, 6500);
    const planned = (...targets: number[]) =>
      planOf({
        stages: [procedure, ...planOf().stages],
        objectives: Object.fromEntries(
          targets.map((targetMs, index) => [
            `t${index}`,
            { kind: 'time', from: 'crash', until: 'recovered', targetMs },
          ]),
        ),
      });

    it('adds the declared time of people and judges it apart', () => {
      const findings = findingsOf(rto, run, planned(30_000));
      expect(statuses(findings)).toEqual(['rto: pass', 'rto.with-people: fail']);
      expect(findings[0]?.figures).toMatchObject({ rtoUpperMs: 3005, rtoWithPeopleUpperMs: 63_005 });
    });

    it('counts a step whose effect shows before its command ends, and none that began after the recovery', () => {
      const withPeople = (events: ReturnType<typeof taken>) =>
        findingsOf(rto, events, planned(30_000))[0]?.figures?.rtoWithPeopleUpperMs;
      expect(withPeople(taken(7900, 8300))).toBe(63_005);
      expect(withPeople(taken(8100, 8300))).toBe(3005);
    });

    it('holds people to the longest target of the same two marks only', () => {
      expect(statuses(findingsOf(rto, run, planned(600_000, 5000)))).toEqual([
        'rto: pass',
        'rto.with-people: pass',
        'rto: pass',
      ]);
    });
  });

  describe('other named times', () => {
    const procedure = [
      mark(6000, { type: 'procedure.start', procedure: 'fix' }),
      mark(7500, { type: 'procedure.end', procedure: 'fix' }),
    ];

    it('are judged between any two marks', () => {
      const plan = planOf(targetOf(2000, 'crash', 'procedure.fix.end'));
      expect(statuses(findingsOf(rto, [...outageRun(), ...procedure], plan))).toEqual(['time: fail']);
      expect(statuses(findingsOf(rto, outageRun(), plan))).toEqual(['time.unknown: inconclusive']);
    });

    it('may begin after the fault', () => {
      const [finding] = findingsOf(
        rto,
        [...outageRun(), ...procedure],
        planOf(targetOf(5000, 'procedure.fix.start')),
      );
      expect(finding?.figures).toMatchObject({ lowerMs: 1900, upperMs: 2005 });
    });

    it('fail where what was awaited did not come', () => {
      const timeout = mark(9000, {
        type: 'condition.timeout',
        condition: 'alert',
        purpose: 'detection',
        observed: 'quiet',
      });
      expect(
        statuses(findingsOf(rto, [...outageRun(), timeout], planOf(targetOf(1000, 'crash', 'detected')))),
      ).toEqual(['time: fail']);
      expect(statuses(findingsOf(rto, outageRun(), planOf(targetOf(1000, 'crash', 'detected'))))).toEqual([
        'time.unknown: inconclusive',
      ]);
    });
  });
});

function ended(atMs: number) {
  const result = {
    exitCode: 0,
    signal: null,
    timedOut: false,
    durationNs: 1e6,
    stdout: '',
    stderr: '',
    truncatedBytes: 0,
    standIns: [],
  };
  return [mark(atMs, { type: 'step.end', step: 'step-1', procedure: 'fix', attempt: 'performed', result })];
}
