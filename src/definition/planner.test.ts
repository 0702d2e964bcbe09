import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, project } from '../../test/definition/example.ts';
import type { Plan, PlannedStep } from './plan.ts';

const drill = 'drills/store-loss.yaml';
const late = 'store-loss/late';

async function planned(texts = project, more = {}): Promise<Plan> {
  const [plan] = await plansOf(texts, more, late);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

function steps(plan: Plan): readonly PlannedStep[] {
  return plan.stages.flatMap((stage) => (stage.kind === 'procedure' ? stage.steps : []));
}
const outline = (plan: Plan) => steps(plan).map((planned) => `${planned.do} ${planned.step.text}`);

describe('planDrill', () => {
  it('takes every step of the section: run, performed, asked for, left out', async () => {
    expect(outline(await planned())).toEqual([
      'prompt Check the store',
      'run dbctl promote --node <node-id> --region eu',
      'leave-out dbctl drop --node old',
      'perform Tell the others',
    ]);
  });

  it('keeps the order of the document among steps that the drill lists so', async () => {
    const manual =
      '      - manual: { phase: 2, step: 1 }\n        perform: tell everybody\n        people: 2m\n';
    const turned = changed(drill, '    steps:\n', `    steps:\n${manual}`, changed(drill, manual, ''));
    expect(outline(await planned(turned))).toEqual([
      'prompt Check the store',
      'perform Tell the others',
      'run dbctl promote --node <node-id> --region eu',
      'leave-out dbctl drop --node old',
    ]);
  });

  it('fills in what nobody said', async () => {
    const plan = await planned();
    expect(plan).toMatchObject({
      steady: { windowMs: 3000, withinMs: 30_000 },
      settle: { windowMs: 2000 },
      recovered: { probes: ['api-ready'], holdMs: 2000, successRatio: 1, latencyMs: null },
      probes: { 'api-ready': { every: 100, deadline: 1000 }, lag: { every: 100, deadline: 1000 } },
      ledgers: { orders: { rate: 50, writers: 4, deadline: 2000 } },
      objectives: {
        rto: { kind: 'time', from: 'killed', until: 'recovered', targetMs: 60_000 },
        rpo: { kind: 'loss', ledger: 'orders', lostAtMostMs: 5000, writesAtMost: null },
        up: { kind: 'availability', probe: 'api-ready', atLeast: 0.9 },
      },
      platform: { baseDir: '/project/platforms' },
      runbook: { file: 'runbooks/store.md', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(steps(plan)[1]).toMatchObject({
      timeoutMs: 60_000,
      peopleMs: 0,
      verify: [],
      bind: { 'node-id': 'db-2' },
    });
    expect(steps(plan)[3]).toMatchObject({ command: 'tell everybody', peopleMs: 120_000 });
  });

  it('watches what names no fault from the last injected one on, and forgets faults that are not injected', async () => {
    const { scenario } = await planned();
    expect(scenario.symptoms).toEqual([
      { when: { probe: 'api-ready', is: 'failing' }, after: 'killed', within: 30_000 },
    ]);
    expect(Object.keys(scenario.faults)).toEqual(['lagging', 'killed']);
    const [strict] = await plansOf(project, {}, 'store-loss/strict');
    expect(Object.keys(strict?.scenario.faults ?? {})).toEqual(['killed']);
  });

  it('uses no correction as written', async () => {
    expect(steps(await planned())[1]).toMatchObject({ correction: { command: 'dbctl promote --force' } });
    expect(steps(await planned(project, { asWritten: true }))[1]).toMatchObject({ correction: null });
  });

  it('is plain JSON', async () => {
    const plan = await planned();
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('takes a failback for a procedure', async () => {
    const back = '  - failback: { procedure: back, section: Rollback, steps: [{ command: dbctl rollback }] }';
    const plan = await planned(changed(drill, '\nobjectives:', `\n${back}\nobjectives:`));
    expect(plan.stages.at(-1)).toMatchObject({
      kind: 'procedure',
      name: 'back',
      failback: true,
      section: ['2. Rollback'],
    });
  });

  it('passes captured values on to later steps', async () => {
    const capturing = changed(
      drill,
      'bind: { node-id: db-2 }',
      'bind: { node-id: db-2 }\n        capture: { where: "at (\\\\w+)" }',
    );
    const back = (value: string) =>
      `\n  - failback: { procedure: back, section: Rollback, steps: [{ command: dbctl rollback, bind: { rollback: "\${captured.${value}}" } }] }\n`;
    expect(
      await errorsOf(changed(drill, '\nobjectives:', `${back('where')}objectives:`, capturing), late),
    ).toEqual([]);
    expect(
      await errorsOf(changed(drill, '\nobjectives:', `${back('whre')}objectives:`, capturing), late),
    ).toEqual([
      `drills/store-loss.yaml:27:106: no step before this one captures "whre", which "\${captured.whre}" stands for; did you mean "where"?`,
    ]);
  });
});
