import { describe, expect, it } from 'vitest';
import { changed, errorsOf } from '../../test/definition/example.ts';

const scenario = 'scenarios/store-loss.yaml';
const drill = 'drills/store-loss.yaml';

/** What is said when one text of the example project is replaced by another. */
const cases: readonly (readonly [
  what: string,
  file: string,
  from: string,
  to: string,
  said: readonly string[],
])[] = [
  [
    'a fault on nothing',
    scenario,
    'killed: { fault: kill, target: database',
    'killed: { fault: kill, target: databse',
    [
      'scenarios/store-loss.yaml:5:34: the platform shop has no role, component or instance "databse"; did you mean "database"?',
    ],
  ],
  [
    'a request to what is no HTTP service',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: request, target: database, path: /admin }',
    [
      'scenarios/store-loss.yaml:4:38: the fault "request" needs a component that speaks HTTP, and "database" is none; the platform shop has "api"',
    ],
  ],
  [
    'a start of what runs from the beginning',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: start, target: api }',
    [
      'scenarios/store-loss.yaml:4:36: the fault "start" needs a component with "replicas: 0", and "api" is none; the platform shop has none',
    ],
  ],
  [
    'SQL for what is no database',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: sql, target: api, inject: select 1 }',
    [
      'scenarios/store-loss.yaml:4:34: the fault "sql" needs a database, and "api" is none; the platform shop has "store"',
    ],
  ],
  [
    'a heal that nothing could prove',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: sql, target: database, inject: select 1, heal: select 2 }',
    [
      'scenarios/store-loss.yaml:4:62: "heal" without "active": nothing could prove that it was healed; expected both of them, or none where there is no way back',
    ],
  ],
  [
    'a kill that would hold a process inside a component',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: kill, target: api, processes: worker, restart: held }',
    [
      'scenarios/store-loss.yaml:4:40: nothing can hold a process inside a component that lives on: expected "restart: allowed", or no "processes" to hold all of it',
    ],
  ],
  [
    'a kill that says twice which processes',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: kill, target: api, processes: worker, scope: leader, restart: allowed }',
    [
      'scenarios/store-loss.yaml:4:59: "scope" and "processes" both say which processes are meant; expected one of them',
    ],
  ],
  [
    'a fault of containers where there are none',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: disconnect, target: api }',
    [
      'scenarios/store-loss.yaml:4:21: the fault "disconnect" needs containers, and the platform shop runs in "local"; the environment "containers" has them',
    ],
  ],
  [
    'a limit of nothing',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: limit, target: api }',
    [
      'scenarios/store-loss.yaml:4:3: the fault "limit" limits nothing; expected "memory", "cpus" or both',
      'scenarios/store-loss.yaml:4:21: the fault "limit" needs containers, and the platform shop runs in "local"; the environment "containers" has them',
    ],
  ],
  [
    'a toxic for what is no toxiproxy',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxic, target: api, proxy: a, type: latency, attributes: { latency: 100 } }',
    [
      'scenarios/store-loss.yaml:4:36: the fault "toxic" needs a toxiproxy, with port 8474 for its API, and "api" is none; the platform shop has none',
    ],
  ],
  [
    'an attribute that a toxic of another type has',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxic, target: api, proxy: a, type: latency, attributes: { latency: 100, rate: 2 } }',
    ['scenarios/store-loss.yaml:4:94: there is no key "rate" here; expected "jitter"'],
  ],
  [
    'a toxic that there is not',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxic, target: api, proxy: a, type: latenzy, attributes: { latency: 100 } }',
    [
      'scenarios/store-loss.yaml:4:57: expected "latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer" or "limit_data", found "latenzy"; did you mean "latency"?',
    ],
  ],
  [
    'a fault that there is not',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxik, target: database }',
    [
      'scenarios/store-loss.yaml:4:21: expected "kill", "pause", "request", "start", "sql", "toxic", "disconnect", "partition", "fill-disk", "limit", "clock", "replace-file" and 7 more, found "toxik"; did you mean "toxic"?',
    ],
  ],
  [
    'a clock that goes right',
    scenario,
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: clock, target: api, offset: 1h }',
    ['scenarios/store-loss.yaml:4:49: expected a duration with a sign such as "-1h" or "+90s", found "1h"'],
  ],
  [
    'a symptom of no probe',
    scenario,
    'probe: api-ready',
    'probe: api-redy',
    ['scenarios/store-loss.yaml:7:22: the platform shop has no probe "api-redy"; did you mean "api-ready"?'],
  ],
  [
    'a detection after no fault',
    scenario,
    'after: killed',
    'after: kiled',
    ['scenarios/store-loss.yaml:9:14: the scenario store-loss has no fault "kiled"; did you mean "killed"?'],
  ],
  [
    'a need that is not met',
    scenario,
    'faults:',
    'needs: { roles: [cache] }\nfaults:',
    ['scenarios/store-loss.yaml:3:18: the platform shop has no role "cache"; it has "database" or "api"'],
  ],
  [
    'an injection of no fault',
    drill,
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
    drill,
    '  - heal: killed',
    '  - inject: killed\n  - heal: killed',
    ['drills/store-loss.yaml:24:13: the fault killed is injected twice; give the scenario a second fault'],
  ],
  [
    'a heal of a fault that was not injected',
    drill,
    'heal: killed',
    'heal: lagging',
    ['drills/store-loss.yaml:24:11: the drill up to here has no injected fault "lagging"; it has "killed"'],
  ],
  [
    'an unknown variant in only',
    drill,
    'only: [late]',
    'only: [lat]',
    ['drills/store-loss.yaml:9:12: the drill store-loss has no variant "lat"; did you mean "late"?'],
  ],
  [
    'a rejoin of nothing',
    drill,
    'rejoin: db-1',
    'rejoin: db-9',
    [
      'drills/store-loss.yaml:25:13: the platform shop has no role, component or instance "db-9"; did you mean "db-1"?',
    ],
  ],
  [
    'a return of nothing',
    drill,
    'rejoin: db-1',
    'return: db-9',
    [
      'drills/store-loss.yaml:25:13: the platform shop has no role, component or instance "db-9"; did you mean "db-1"?',
    ],
  ],
  [
    'a return of what is no database',
    drill,
    'rejoin: db-1',
    'return: api',
    [
      'drills/store-loss.yaml:25:13: only a database returns to be reconciled, and "api" is none; the platform shop has "db-1" or "db-2"',
    ],
  ],
  [
    'an unknown mark',
    drill,
    'until: recovered, target',
    'until: recoverd, target',
    ['drills/store-loss.yaml:27:31: the drill has no mark "recoverd"; did you mean "recovered"?'],
  ],
  [
    'a mark of a procedure',
    drill,
    'from: killed',
    'from: procedure.promot.start',
    [
      'drills/store-loss.yaml:27:16: the drill has no mark "procedure.promot.start"; did you mean "procedure.promote.start"?',
    ],
  ],
  [
    'a ledger that is not there',
    drill,
    'ledger: orders',
    'ledger: order',
    ['drills/store-loss.yaml:28:18: the platform shop has no ledger "order"; did you mean "orders"?'],
  ],
  [
    'a probe that is not there',
    drill,
    'up: { probe: api-ready',
    'up: { probe: api-reay',
    ['drills/store-loss.yaml:29:16: the platform shop has no probe "api-reay"; did you mean "api-ready"?'],
  ],
  [
    'recovery of no probe',
    drill,
    'probes: [api-ready]',
    'probes: [api-ready, lga]',
    ['drills/store-loss.yaml:6:34: the platform shop has no probe "lga"; it has "api-ready" or "lag"'],
  ],
  [
    'another environment',
    drill,
    'platform: shop',
    'platform: shop\nenvironment: kind',
    ['drills/store-loss.yaml:5:14: the platform shop runs in local, not in kind'],
  ],
  [
    'a verification by no probe',
    drill,
    'perform: tell everybody',
    'perform: x\n        verify: [{ name: y, probe: lagg }]',
    ['drills/store-loss.yaml:19:36: the platform shop has no probe "lagg"; did you mean "lag"?'],
  ],
  [
    'a verification of no role',
    drill,
    'perform: tell everybody',
    'perform: x\n        verify: [{ name: y, probe: { kind: http, role: apii, path: / } }]',
    [
      'drills/store-loss.yaml:19:56: the platform shop has no role, component or instance "apii"; did you mean "api"?',
    ],
  ],
  [
    'a criterion on no probe',
    drill,
    'variants:',
    'criteria: [{ criterion: x, check: { probes: [apis], are: healthy } }]\nvariants:',
    ['drills/store-loss.yaml:30:46: the platform shop has no probe "apis"; it has "api-ready" or "lag"'],
  ],
  [
    'a procedure without a runbook',
    drill,
    'runbook: store.md\n',
    '',
    ['drills/store-loss.yaml:10:16: a procedure needs a runbook; expected "runbook" in this drill'],
  ],
];

describe('checkDrill and checkScenario', () => {
  it.each(cases)('says that there is %s', async (_, file, from, to, said) => {
    expect(await errorsOf(changed(file, from, to), 'store-loss/strict')).toEqual(said);
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
