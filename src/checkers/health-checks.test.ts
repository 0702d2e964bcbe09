import { describe, expect, it } from 'vitest';
import type { PlannedHealthCheck, PlannedHealthChecks } from '../definition/plan.ts';
import type { MarkEvent } from '../timeline/events.ts';
import { mark, planOf } from '../timeline/testing.ts';
import { healthChecks } from './health-checks.ts';
import { runbookOf } from './runbook-samples.ts';
import { findingsOf, outageRun, statuses } from './testing.ts';

const lines = { from: 9, to: 9 };
const api: PlannedHealthCheck = { name: 'API', kind: 'url', text: 'http://api:8000/health', lines };
const replica: PlannedHealthCheck = { name: 'Replica', kind: 'sql', text: 'SELECT 1;', role: 'db', lines };

type Said = readonly [ok: boolean | null, status: number | null, answer: string];
const asked = (check: string, when: 'healthy' | 'faulted', [ok, status, answer]: Said): MarkEvent =>
  mark(when === 'healthy' ? 4000 : 5500, { type: 'health-check', check, when, ok, status, answer, ms: 3 });
const both = (healthy: Said, faulted: Said, check = api.name) => [
  asked(check, 'healthy', healthy),
  asked(check, 'faulted', faulted),
];

const findings = (
  marks: readonly MarkEvent[],
  checks: readonly PlannedHealthCheck[] = [api],
  changes: Partial<PlannedHealthChecks> = {},
) =>
  findingsOf(
    healthChecks,
    [...outageRun(), ...marks],
    planOf({
      runbook: runbookOf(),
      healthChecks: { section: ['Appendix'], mustNotice: false, checks, ...changes },
    }),
  );
const outcomes = (marks: readonly MarkEvent[], checks?: readonly PlannedHealthCheck[]) =>
  findings(marks, checks).flatMap(({ figures, status }) =>
    figures?.outcome === undefined ? [] : [`${figures.outcome}: ${status}`],
  );

describe('health checks', () => {
  it.each([
    ['another status', [true, 200, 'ok'], [false, 503, 'ok'], 'noticed: pass'],
    ['another good status', [true, 200, 'ok'], [true, 204, 'ok'], 'noticed: pass'],
    ['another answer', [true, 200, '{"status":"ok"}'], [true, 200, '{"status":"degraded"}'], 'noticed: pass'],
    ['no answer', [true, 200, 'ok'], [false, null, 'ECONNREFUSED'], 'noticed: pass'],
    ['the same answer', [true, 200, 'ok'], [true, 200, 'ok'], 'uninformative: pass'],
    ['another time in it', [true, 200, '{"up":12.5}'], [true, 200, '{"up":13.7}'], 'uninformative: pass'],
    [
      'another id in it',
      [true, 200, '{"id":"0b7c5f1e-a1b2-4cde-9f00-5e6f7a8b9c0d"}'],
      [true, 200, '{"id":"f3e2d1c0-0fab-4123-8abc-a1b2c3d4e5f6"}'],
      'uninformative: pass',
    ],
    ['a failure before the fault', [false, 503, 'no'], [false, 503, 'no'], 'fails-healthy: fail'],
    [
      'nothing that could be run',
      [null, null, 'no pg_isready here.'],
      [true, 0, ''],
      'not-known: inconclusive',
    ],
  ] satisfies [string, Said, Said, string][])('tell by %s', (_, healthy, faulted, outcome) => {
    expect(outcomes(both(healthy, faulted))).toEqual([outcome]);
  });

  it('take a number from a database for what it says', () => {
    expect(outcomes(both([true, null, '0'], [true, null, '512'], 'Replica'), [replica])).toEqual([
      'noticed: pass',
    ]);
  });

  it('are not proved where the run did not come to ask', () => {
    expect(outcomes([])).toEqual(['not-known: inconclusive']);
    expect(outcomes([asked('API', 'healthy', [true, 200, 'ok'])])).toEqual(['not-known: inconclusive']);
  });

  it('say what was left out and why, and how many were asked', () => {
    const left: PlannedHealthCheck = {
      name: 'GCP',
      kind: 'left-out',
      text: 'x',
      reason: 'there is none',
      lines,
    };
    const [first, second, last] = findings(both([true, 200, 'ok'], [true, 200, 'ok']), [api, left]);
    expect(first?.message).toBe(
      'Health check "API" is uninformative for this fault: HTTP 200 ok, before it and after it.',
    );
    expect(second?.message).toBe('Health check "GCP" is left out: there is none.');
    expect(last?.figures).toEqual({ healthChecks: 2, asked: 1, noticed: 0, uninformative: 1 });
    expect(first?.where).toBe('database.md:9');
  });

  it('fail together where the drill wants one of them to notice, and none does', () => {
    const same = both([true, 200, 'ok'], [true, 200, 'ok']);
    const must = (marks: readonly MarkEvent[]) =>
      statuses(findings(marks, [api], { mustNotice: true })).filter((one) => one.includes('none'));
    expect(must(same)).toEqual(['health-check.none-noticed: fail']);
    expect(must(both([true, 200, 'ok'], [false, 503, '']))).toEqual([]);
    expect(must([])).toEqual(['health-check.none-noticed: inconclusive']);
    expect(statuses(findings(same))).not.toContain('health-check.none-noticed: fail');
  });

  it('are nothing to a drill that asks none', () => {
    expect(findingsOf(healthChecks, outageRun())).toEqual([]);
  });
});
