import { describe, expect, it } from 'vitest';
import type { StepResult } from '../timeline/events.ts';
import { planOf } from '../timeline/testing.ts';
import { restoration } from './restoration.ts';
import { attempted, commandStep, procedureOf, running } from './runbook-samples.ts';
import { findingsOf, outageRun } from './testing.ts';

const wait = 'kubectl wait --for=condition=Ready pod --timeout=300s';
const waiting = (result: Partial<StepResult>, text = wait, exits = 0) =>
  findingsOf(
    restoration,
    [...outageRun(), ...attempted('as-written', result)],
    planOf({ stages: [procedureOf([running({ step: commandStep('step-1', text), exits })])] }),
  );
const took = (seconds: number, text = wait) => waiting({ durationNs: seconds * 1e9 }, text);

describe('a command that waits', () => {
  it('passes within its own limit and fails beyond it', () => {
    expect(took(299)).toMatchObject([{ status: 'pass', rule: 'restoration.wait', where: 'runbook:12' }]);
    expect(took(301)).toMatchObject([{ status: 'fail', figures: { limitMs: 300_000, tookMs: 301_000 } }]);
    expect(took(301)[0]?.message).toBe(`"${wait}" waited 5m 1s, more than its limit of 5m.`);
  });

  it.each([
    ['helm upgrade x --timeout 1m y', 60_000],
    ['helm upgrade x --timeout 5m0s', 300_000],
    ['kubectl wait pod \\\n  --timeout="90s"', 90_000],
    ["kubectl wait pod -l 'a in (b; c)' --timeout=1h30m", 5_400_000],
  ])('has the limit that it says: %s', (text, limitMs) => {
    expect(took(1, text)).toMatchObject([{ status: 'pass', figures: { limitMs } }]);
  });

  it.each([
    'kubectl get nodes',
    'kubectl wait pod --timeout=0s',
    'kubectl wait pod --timeout=300',
    'kubectl apply -f x && kubectl wait pod --timeout=60s',
    'kubectl wait pod --timeout=60s; sleep 100',
    'kubectl wait pod --timeout=60s | tee log',
    'kubectl wait $(kubectl get pod -o name) --timeout=60s',
    'kubectl wait a --timeout=60s\nkubectl wait b --timeout=60s',
  ])('has no limit that the time of the whole could be held against: %s', (text) => {
    expect(took(99, text)).toEqual([]);
  });

  it('is not known to keep its limit where the drill ended it sooner', () => {
    const [finding] = waiting({ durationNs: 60e9, timedOut: true, exitCode: null });
    expect(finding?.status).toBe('inconclusive');
    expect(finding?.message).toContain('was ended by the drill after 1m');
    expect(waiting({ durationNs: 301e9, timedOut: true, exitCode: null })).toMatchObject([
      { status: 'fail' },
    ]);
  });

  it('shows nothing of a wait that failed before its limit', () => {
    expect(waiting({ durationNs: 1e9, exitCode: 1 })).toEqual([]);
    expect(waiting({ durationNs: 1e9, exitCode: 1 }, wait, 1)).toMatchObject([{ status: 'pass' }]);
  });
});
