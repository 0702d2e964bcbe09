import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCheckers } from '../../src/checkers/index.ts';
import { judge } from '../../src/checkers/judge.ts';
import { load } from '../../src/checkers/load.ts';
import type { PlannedLoad } from '../../src/definition/load-spec.ts';
import type { Plan } from '../../src/definition/plan.ts';
import type { Environment } from '../../src/environments/environment.ts';
import { environmentOf, openProject, planDrills, readJournal, run } from '../../src/index.ts';
import type { JournalEvent } from '../../src/timeline/events.ts';
import type { Timeline } from '../../src/timeline/timeline.ts';
import { engineAvailable } from './engine.ts';
import { type LoadBed, scripts, startLoadBed } from './load-bed.ts';

const shop = fileURLToPath(new URL('../sabotage/project', import.meta.url));
const users = fileURLToPath(new URL('../../fixtures/loads/users.ts', import.meta.url));

let bed: LoadBed;
let reports: string;
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), 'drillbook-loads-'));
  if (!engineAvailable) return;
  bed = await startLoadBed('drillbook-load-runs');
});
afterAll(async () => {
  await bed?.stop();
  await rm(reports, { recursive: true, force: true });
});

/** The local environment with the containers that it does not have. */
function withContainers(): Environment {
  const local = environmentOf('local');
  return {
    ...local,
    check: (...them) => local.check(...them),
    up: async (...them) => Object.assign(await local.up(...them), { oneShots: bed.oneShots }),
    attach: (record) => local.attach(record),
    down: (record) => local.down(record),
  };
}

let runs = 0;

/** A whole drill, healthy but for what its users meet. */
async function drilled(
  spec: Partial<PlannedLoad>,
  options: { readonly abort?: AbortSignal; readonly onEvent?: (event: JournalEvent) => void } = {},
): Promise<{ readonly plan: Plan; readonly timeline: Timeline }> {
  const [shipped] = await planDrills(await openProject({ from: shop }), ['shop-loss/healthy']);
  if (shipped === undefined) throw new Error('no plan');
  const planned: PlannedLoad = {
    kind: 'k6',
    script: users,
    rate: 10,
    'max-users': 50,
    thresholds: 'reported',
    ...spec,
  };
  const plan: Plan = { ...shipped, loads: { users: planned } };
  const runId = `load-${process.pid}-${++runs}`;
  const { journalFile } = await run(plan, {
    environment: withContainers(),
    runId,
    reportDir: join(reports, runId),
    ...options,
  });
  expect(await bed.oneShots.left()).toEqual([]);
  return { plan, timeline: await readJournal(journalFile) };
}

const login = { LOGIN_USER: 'ada', LOGIN_PASSWORD: 'correct horse' };

function without(plan: Plan, timeline: Timeline) {
  const others = allCheckers.filter((checker) => checker !== load);
  return judge(timeline, plan, others);
}

describe.runIf(engineAvailable)('a drill under load', () => {
  it('is judged under its users, from before the steady phase until it has settled', async () => {
    const { plan, timeline } = await drilled({
      env: { WEB_URL: bed.fine, BASE_URL: bed.fine, ...login },
      thresholds: 'must-hold',
    });
    const { findings, verdict } = judge(timeline, plan);
    expect(findings.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(verdict.overall).toBe('pass');
    expect(findings.find(({ rule }) => rule === 'load')?.figures).toMatchObject({
      load: 'users',
      failedRatio: 0,
      droppedIterations: 0,
    });
    const order = timeline.marks
      .map(({ type }) => type)
      .filter((type) => /^(load\.|probe\.started|steady\.met|fault\.injecting|ledger\.read$)/.test(type));
    expect(order).toEqual([
      'load.started',
      'probe.started',
      'steady.met',
      'fault.injecting',
      'load.summary',
      'ledger.read',
    ]);
    const paths = bed.requests.map((request) => request.replace(/user-.*/, 'ID'));
    expect(new Set(paths)).toEqual(new Set(['GET /', 'POST /auth/login', 'POST /scans/ID', 'POST /jobs/ID']));
    const journal = JSON.stringify(timeline.marks);
    expect(journal).not.toContain('correct horse');
  });

  it('whose users were turned away tells it, and fails only where thresholds must hold', async () => {
    const { plan, timeline } = await drilled({ env: { BASE_URL: bed.failing } });
    const reported = judge(timeline, plan);
    expect(reported.verdict.overall).toBe('pass');
    expect(reported.findings.map(({ message }) => message)).toContain(
      'Load "users": the threshold http_req_failed rate<0.01 was crossed, which this drill reports and does not judge.',
    );
    const [name, planned] = Object.entries(plan.loads ?? {})[0] ?? [];
    if (name === undefined || planned === undefined) throw new Error('no load');
    const strict: Plan = { ...plan, loads: { [name]: { ...planned, thresholds: 'must-hold' } } };
    expect(judge(timeline, strict).verdict.dimensions).toMatchObject({ criteria: 'fail', validity: 'pass' });
    expect(without(strict, timeline).verdict.overall).toBe('pass');
  });

  it.each([
    ['had too few users', { 'max-users': 1, env: () => ({ BASE_URL: bed.slow }) }, /had no user to do them/],
    [
      'came to its end before the drill',
      { env: () => ({ BASE_URL: bed.fine, DURATION: '3s' }) },
      /ended before the drill did \(exit code 0\)/,
    ],
  ])('that %s is inconclusive', async (_, { env, ...spec }, said) => {
    const { plan, timeline } = await drilled({ script: join(scripts, 'visit.ts'), ...spec, env: env() });
    const { findings, verdict } = judge(timeline, plan);
    expect(verdict).toMatchObject({ overall: 'inconclusive', dimensions: { validity: 'inconclusive' } });
    expect(findings.find(({ rule }) => rule === 'validity.load')?.message).toMatch(said);
    expect(without(plan, timeline).verdict.overall).toBe('pass');
  });

  it('stops its users on Ctrl-C, and has their summary', async () => {
    const stop = new AbortController();
    const { timeline } = await drilled(
      { env: { BASE_URL: bed.fine } },
      {
        abort: stop.signal,
        onEvent({ type }) {
          if (type === 'steady.met') stop.abort(new Error('Ctrl-C'));
        },
      },
    );
    const types = timeline.marks.map(({ type }) => type);
    expect(types).toContain('interrupted');
    expect(types.filter((type) => type.startsWith('load.'))).toEqual(['load.started', 'load.summary']);
  });

  it('is not begun where its users cannot come, and says why', async () => {
    const { plan, timeline } = await drilled({ script: join(scripts, 'not-there.ts') });
    const error = timeline.marks.find((mark) => mark.type === 'error');
    expect(error?.message).toMatch(
      /^the load users ended with exit code \d+ before it had begun:\n.*not-there/s,
    );
    expect(timeline.marks.some(({ type }) => type === 'fault.injecting')).toBe(false);
    expect(judge(timeline, plan).verdict.dimensions.validity).toBe('inconclusive');
  });
});
