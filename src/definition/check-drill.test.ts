import { describe, expect, it } from 'vitest';
import { changed, errorsOf } from '../../test/definition/example.ts';

const scenario = 'scenarios/store-loss.yaml';
const drill = 'drills/store-loss.yaml';

/** What is said when one text of the example project's drill is replaced by another. */
const cases: readonly (readonly [what: string, from: string, to: string, said: readonly string[]])[] = [
  [
    'an injection of no fault',
    'inject: killed',
    'inject: kiled',
    [
      'drills/store-loss.yaml:10:13: the scenario store-loss has no fault "kiled"; did you mean "killed"?',
      'drills/store-loss.yaml:24:11: the drill up to here has no injected fault "killed"; did you mean "kiled"?',
      'drills/store-loss.yaml:27:16: the drill has no mark "killed"; did you mean "kiled"?',
    ],
  ],
  [
    'a fault injected twice',
    '  - heal: killed',
    '  - inject: killed\n  - heal: killed',
    ['drills/store-loss.yaml:24:13: the fault killed is injected twice; give the scenario a second fault'],
  ],
  [
    'a heal of a fault that was not injected',
    'heal: killed',
    'heal: lagging',
    ['drills/store-loss.yaml:24:11: the drill up to here has no injected fault "lagging"; it has "killed"'],
  ],
  [
    'an unknown variant in only',
    'only: [late]',
    'only: [lat]',
    ['drills/store-loss.yaml:9:12: the drill store-loss has no variant "lat"; did you mean "late"?'],
  ],
  [
    'a rejoin of nothing',
    'rejoin: db-1',
    'rejoin: db-9',
    [
      'drills/store-loss.yaml:25:13: the platform shop has no role, component or instance "db-9"; did you mean "db-1"?',
    ],
  ],
  [
    'a return of nothing',
    'rejoin: db-1',
    'return: db-9',
    [
      'drills/store-loss.yaml:25:13: the platform shop has no role, component or instance "db-9"; did you mean "db-1"?',
    ],
  ],
  [
    'a return of what is no database',
    'rejoin: db-1',
    'return: api',
    [
      'drills/store-loss.yaml:25:13: only a database returns to be reconciled, and "api" is none; the platform shop has "db-1" or "db-2"',
    ],
  ],
  [
    'an unknown mark',
    'until: recovered, target',
    'until: recoverd, target',
    ['drills/store-loss.yaml:27:31: the drill has no mark "recoverd"; did you mean "recovered"?'],
  ],
  [
    'a mark of a procedure',
    'from: killed',
    'from: procedure.promot.start',
    [
      'drills/store-loss.yaml:27:16: the drill has no mark "procedure.promot.start"; did you mean "procedure.promote.start"?',
    ],
  ],
  [
    'a ledger that is not there',
    'ledger: orders',
    'ledger: order',
    ['drills/store-loss.yaml:28:18: the platform shop has no ledger "order"; did you mean "orders"?'],
  ],
  [
    'a probe that is not there',
    'up: { probe: api-ready',
    'up: { probe: api-reay',
    ['drills/store-loss.yaml:29:16: the platform shop has no probe "api-reay"; did you mean "api-ready"?'],
  ],
  [
    'recovery of no probe',
    'probes: [api-ready]',
    'probes: [api-ready, lga]',
    ['drills/store-loss.yaml:6:34: the platform shop has no probe "lga"; it has "api-ready" or "lag"'],
  ],
  [
    'another environment',
    'platform: shop',
    'platform: shop\nenvironment: kind',
    ['drills/store-loss.yaml:5:14: the platform shop runs in local, not in kind'],
  ],
  [
    'a verification by no probe',
    'perform: tell everybody',
    'perform: x\n        verify: [{ name: y, probe: lagg }]',
    ['drills/store-loss.yaml:19:36: the platform shop has no probe "lagg"; did you mean "lag"?'],
  ],
  [
    'a verification of no role',
    'perform: tell everybody',
    'perform: x\n        verify: [{ name: y, probe: { kind: http, role: apii, path: / } }]',
    [
      'drills/store-loss.yaml:19:56: the platform shop has no role, component or instance "apii"; did you mean "api"?',
    ],
  ],
  [
    'a criterion on no probe',
    'variants:',
    'criteria: [{ criterion: x, check: { probes: [apis], are: healthy } }]\nvariants:',
    ['drills/store-loss.yaml:30:46: the platform shop has no probe "apis"; it has "api-ready" or "lag"'],
  ],
  [
    'a procedure without a runbook',
    'runbook: store.md\n',
    '',
    ['drills/store-loss.yaml:10:16: a procedure needs a runbook; expected "runbook" in this drill'],
  ],
];

describe('checkDrill', () => {
  it.each(cases)('says that there is %s', async (_, from, to, said) => {
    expect(await errorsOf(changed(drill, from, to), 'store-loss/strict')).toEqual(said);
  });

  it('knows only the probes and ledgers that the drill lists', async () => {
    const listed = changed(drill, 'runbook: store.md', 'runbook: store.md\nprobes: [lag]\nledgers: []');
    expect(await errorsOf(listed, 'store-loss/strict')).toEqual([
      'drills/store-loss.yaml:8:23: the drill has no probe "api-ready"; it has "lag"',
      'drills/store-loss.yaml:30:18: the drill has no ledger "orders"; it has none',
      'drills/store-loss.yaml:31:16: the drill has no probe "api-ready"; it has "lag"',
      'scenarios/store-loss.yaml:7:22: the drill has no probe "api-ready"; it has "lag"',
    ]);
  });

  it('wants each probe that is compared with the time before the fault among those healthy then', async () => {
    const steady = (probes: string) =>
      errorsOf(
        changed(
          drill,
          'recovered: { probes: [api-ready], hold: 2s }',
          `recovered: { probes: [api-ready], hold: 2s }\nsteady: { probes: [${probes}] }`,
        ),
        'store-loss/late',
      );
    expect(await steady('api-ready')).toEqual([]);
    expect(await steady('lag')).toEqual([
      'drills/store-loss.yaml:6:23: nothing shows how "api-ready" was before the fault: name it under "steady", too, or leave out the probes there',
    ]);
    expect(await steady('api-ready, lagg')).toEqual([
      'drills/store-loss.yaml:7:31: the platform shop has no probe "lagg"; did you mean "lag"?',
    ]);
  });

  it('takes no mark for granted that the drill never sets', async () => {
    const undetected = changed(
      scenario,
      'detection:\n  - { after: killed, when: { probe: lag, above: 3 }, within: 5s }\n',
      '',
    );
    expect(
      await errorsOf(
        changed(drill, 'until: recovered, target', 'until: detected, target', undetected),
        'store-loss/late',
      ),
    ).toEqual([
      expect.stringMatching(
        /^drills\/store-loss\.yaml:27:31: the drill has no mark "detected"; it has "lagging", "killed", "steady"/,
      ),
    ]);
  });

  it('wants a symptom of what is injected', async () => {
    const unseen = changed(
      scenario,
      '- { when: { probe: api-ready',
      '- { after: lagging, when: { probe: api-ready',
    );
    expect(await errorsOf(unseen, 'store-loss/strict')).toEqual([
      'drills/store-loss.yaml:10:13: no symptom of the scenario store-loss shows that killed took effect',
    ]);
    expect(await errorsOf(unseen, 'store-loss/late')).toEqual([]);
  });
});
