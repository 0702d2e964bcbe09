import { describe, expect, it } from 'vitest';
import { conditionName } from './conditions.ts';
import { markNs } from './marks.ts';
import { recoveryAfter, symptomsCleared } from './recovered.ts';
import { apiFails, failingIn, mark, planOf, runMarks, slotsOf, timelineOf } from './testing.ts';

const ms = (interval: ReturnType<typeof markNs>) => interval && [interval.fromNs / 1e6, interval.toNs / 1e6];

describe('markNs', () => {
  const plan = planOf({
    scenario: { ...planOf().scenario, detection: [{ when: { probe: 'api', above: 3 } }] },
  });
  const timeline = timelineOf(plan, [
    ...runMarks(),
    mark(6000, {
      type: 'condition.met',
      condition: conditionName({ probe: 'api', above: 3 }),
      purpose: 'detection',
      sinceNs: 5900e6,
    }),
    mark(7000, { type: 'procedure.start', procedure: 'fix.it' }),
    mark(9000, { type: 'procedure.end', procedure: 'fix.it' }),
    mark(9500, { type: 'rejoined', component: 'api', instance: 'api', how: 'base backup' }),
    ...slotsOf({ untilMs: 20_000, outcome: failingIn([5000, 8000]) }),
  ]);

  it.each([
    ['steady', [3000, 3000]],
    ['crash', [5000, 5010]],
    ['symptom', [5000, 5200]],
    ['detected', [5800, 6000]],
    ['procedure.fix.it.start', [7000, 7000]],
    ['procedure.fix.it.end', [9000, 9000]],
    ['recovered', [7900, 8005]],
    ['healed', [16_500, 16_600]],
    ['rejoined', [9500, 9500]],
  ])('finds %s', (name, interval) => {
    expect(ms(markNs(timeline, plan, name))).toEqual(interval);
  });

  it.each([
    'steady',
    'crash',
    'symptom',
    'detected',
    'procedure.x.start',
    'procedure.x.end',
    'recovered',
    'healed',
    'rejoined',
    'nonsense',
  ])('is null for %s where nothing happened', (name) => {
    expect(markNs(timelineOf(plan, []), plan, name)).toBeNull();
  });

  it('is null for an injection of which nobody knows that it happened', () => {
    expect(
      markNs(timelineOf(plan, [mark(5, { type: 'fault.injecting', injection: 'crash' })]), plan, 'crash'),
    ).toBeNull();
  });
});

describe('recoveryAfter', () => {
  const outage = (...failing: (readonly [number, number])[]) =>
    timelineOf(planOf(), [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: failingIn(...failing) })]);

  it('is the recovery that lasted, and names those that did not', () => {
    const { recovery, relapses } = recoveryAfter(outage([5000, 7000], [9000, 9500]), planOf(), 5000e6);
    expect(recovery).toMatchObject({ kind: 'recovered', afterNs: 9400e6, beforeNs: 9505e6 });
    expect(relapses).toEqual([{ probe: 'api', recoveredNs: 7005e6, atNs: 9000e6 }]);
  });

  it('is none where the service fails again and stays down', () => {
    expect(recoveryAfter(outage([5000, 7000], [9000, 30_000]), planOf(), 5000e6).recovery).toEqual({
      kind: 'censored',
      sinceNs: 19_900e6,
    });
  });

  it('does not count what the rule allows for a relapse', () => {
    const plan = planOf({ recovered: { probes: ['api'], holdMs: 1000, successRatio: 0.8, latencyMs: null } });
    expect(recoveryAfter(outage([5000, 7000], [9000, 9200]), plan, 5000e6).relapses).toEqual([]);
    expect(recoveryAfter(outage([5000, 7000], [9000, 9400]), plan, 5000e6).relapses).toHaveLength(1);
  });

  const twoFaults = (secondMs: number) => [
    ...runMarks(),
    mark(secondMs, { type: 'fault.injecting', injection: 'second' }),
    mark(secondMs + 1, { type: 'fault.injected', injection: 'second' }),
  ];

  it('counts from the last fault that came before the drill waited', () => {
    const events = [
      ...twoFaults(9000),
      ...slotsOf({ untilMs: 20_000, outcome: failingIn([5000, 7000], [9000, 11_000]) }),
    ];
    const { recovery, relapses } = recoveryAfter(timelineOf(planOf(), events), planOf(), 5000e6);
    expect(recovery).toMatchObject({ kind: 'recovered', afterNs: 10_900e6 });
    expect(relapses).toEqual([]);
  });

  it('goes back to the first fault where the last one was not noticed', () => {
    const events = [...twoFaults(9000), ...slotsOf({ untilMs: 20_000, outcome: failingIn([5000, 7000]) })];
    expect(recoveryAfter(timelineOf(planOf(), events), planOf(), 5000e6).recovery).toMatchObject({
      afterNs: 6900e6,
    });
  });

  it('does not hold a later fault against an earlier recovery', () => {
    const events = [
      ...twoFaults(17_000),
      ...slotsOf({ untilMs: 20_000, outcome: failingIn([5000, 7000], [17_000, 30_000]) }),
    ];
    const { recovery, relapses } = recoveryAfter(timelineOf(planOf(), events), planOf(), 5000e6);
    expect(recovery).toMatchObject({ kind: 'recovered', afterNs: 6900e6 });
    expect(relapses).toEqual([]);
  });

  it('does not know whether slots failed whose time ran out while the sampler stood still', () => {
    const stall = (thread: 'sampler' | 'main', atMs: number) =>
      mark(atMs, { type: 'harness.lag', thread, lagNs: 200e6 });
    const outage = failingIn([5000, 7000]);
    const slots = slotsOf({
      untilMs: 20_000,
      outcome: (due) => ([7200, 7300].includes(due) ? 'late' : outage(due)),
    });
    const kind = (...events: ReturnType<typeof runMarks>) =>
      recoveryAfter(timelineOf(planOf(), [...runMarks(), ...events, ...slots]), planOf(), 5000e6).recovery
        .kind;
    expect(kind(stall('sampler', 7350))).toBe('unknown');
    expect(kind(stall('sampler', 7600))).toBe('recovered');
    expect(kind(stall('main', 7350))).toBe('recovered');
  });

  it('does not know of a probe that recorded nothing', () => {
    expect(recoveryAfter(timelineOf(planOf(), runMarks()), planOf(), 5000e6).recovery).toMatchObject({
      kind: 'unknown',
    });
  });
});

describe('symptomsCleared', () => {
  it('is when the condition was over for the hold time', () => {
    const plan = planOf({
      scenario: { ...planOf().scenario, symptoms: [{ when: { probe: 'queue', above: 10 } }] },
    });
    const queue = slotsOf({
      probe: 'queue',
      untilMs: 20_000,
      outcome: () => 'ok',
      value: (due) => (due >= 5000 && due < 7000 ? 11 : 3),
    });
    expect(symptomsCleared(timelineOf(plan, [...runMarks(), ...queue]), plan, 5000e6)).toMatchObject({
      kind: 'recovered',
      afterNs: 6900e6,
      beforeNs: 7005e6,
    });
  });

  it('is nothing where no symptom can be over', () => {
    const plan = planOf({
      scenario: { ...planOf().scenario, symptoms: [{ when: { probe: 'api', is: 'healthy' } }] },
    });
    expect(symptomsCleared(timelineOf(plan, runMarks()), plan, 5000e6)).toBeNull();
  });
});

describe('conditionName', () => {
  it('is made of the condition alone', () => {
    expect(conditionName('recovered')).toBe('recovered');
    expect(conditionName(apiFails)).toBe('api is failing');
    expect(conditionName({ probe: 'api', is: 'healthy', for: 2000 })).toBe('api is healthy for 2s');
    expect(conditionName({ probe: 'lag', above: 3 })).toBe('lag is above 3');
    expect(conditionName({ probe: 'lag', below: 3 })).toBe('lag is below 3');
    expect(conditionName({ probe: 'lag', equals: 0 })).toBe('lag equals 0');
  });
});
