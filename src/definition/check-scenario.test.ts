import { describe, expect, it } from 'vitest';
import { changed, errorsOf } from '../../test/definition/example.ts';

const scenario = 'scenarios/store-loss.yaml';

/** What is said when one text of the example project's scenario is replaced by another. */
const cases: readonly (readonly [what: string, from: string, to: string, said: readonly string[]])[] = [
  [
    'a fault on nothing',
    'killed: { fault: kill, target: database',
    'killed: { fault: kill, target: databse',
    [
      'scenarios/store-loss.yaml:5:34: the platform shop has no role, component or instance "databse"; did you mean "database"?',
    ],
  ],
  [
    'a request to what is no HTTP service',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: request, target: database, path: /admin }',
    [
      'scenarios/store-loss.yaml:4:38: the fault "request" needs a component that speaks HTTP, and "database" is none; the platform shop has "api"',
    ],
  ],
  [
    'a start of what runs from the beginning',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: start, target: api }',
    [
      'scenarios/store-loss.yaml:4:36: the fault "start" needs a component with "replicas: 0", and "api" is none; the platform shop has none',
    ],
  ],
  [
    'SQL for what is no database',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: sql, target: api, inject: select 1 }',
    [
      'scenarios/store-loss.yaml:4:34: the fault "sql" needs a database, and "api" is none; the platform shop has "store"',
    ],
  ],
  [
    'a heal that nothing could prove',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: sql, target: database, inject: select 1, heal: select 2 }',
    [
      'scenarios/store-loss.yaml:4:62: "heal" without "active": nothing could prove that it was healed; expected both of them, or none where there is no way back',
    ],
  ],
  [
    'a kill that would hold a process inside a component',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: kill, target: api, processes: worker, restart: held }',
    [
      'scenarios/store-loss.yaml:4:40: nothing can hold a process inside a component that lives on: expected "restart: allowed", or no "processes" to hold all of it',
    ],
  ],
  [
    'a kill that says twice which processes',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: kill, target: api, processes: worker, scope: leader, restart: allowed }',
    [
      'scenarios/store-loss.yaml:4:59: "scope" and "processes" both say which processes are meant; expected one of them',
    ],
  ],
  [
    'a fault of containers where there are none',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: disconnect, target: api }',
    [
      'scenarios/store-loss.yaml:4:21: the fault "disconnect" needs containers, and the platform shop runs in "local"; the environment "containers" has them',
    ],
  ],
  [
    'a limit of nothing',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: limit, target: api }',
    [
      'scenarios/store-loss.yaml:4:3: the fault "limit" limits nothing; expected "memory", "cpus" or both',
      'scenarios/store-loss.yaml:4:21: the fault "limit" needs containers, and the platform shop runs in "local"; the environment "containers" has them',
    ],
  ],
  [
    'a toxic for what is no toxiproxy',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxic, target: api, proxy: a, type: latency, attributes: { latency: 100 } }',
    [
      'scenarios/store-loss.yaml:4:36: the fault "toxic" needs a toxiproxy, with port 8474 for its API, and "api" is none; the platform shop has none',
    ],
  ],
  [
    'an attribute that a toxic of another type has',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxic, target: api, proxy: a, type: latency, attributes: { latency: 100, rate: 2 } }',
    ['scenarios/store-loss.yaml:4:94: there is no key "rate" here; expected "jitter"'],
  ],
  [
    'a toxic that there is not',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxic, target: api, proxy: a, type: latenzy, attributes: { latency: 100 } }',
    [
      'scenarios/store-loss.yaml:4:57: expected "latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer" or "limit_data", found "latenzy"; did you mean "latency"?',
    ],
  ],
  [
    'a fault that there is not',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: toxik, target: database }',
    [
      'scenarios/store-loss.yaml:4:21: expected "kill", "pause", "request", "start", "sql", "toxic", "disconnect", "partition", "fill-disk", "limit", "clock", "replace-file" and 7 more, found "toxik"; did you mean "toxic"?',
    ],
  ],
  [
    'a clock that goes right',
    'lagging: { fault: pause, target: database }',
    'lagging: { fault: clock, target: api, offset: 1h }',
    ['scenarios/store-loss.yaml:4:49: expected a duration with a sign such as "-1h" or "+90s", found "1h"'],
  ],
  [
    'a symptom of no probe',
    'probe: api-ready',
    'probe: api-redy',
    ['scenarios/store-loss.yaml:7:22: the platform shop has no probe "api-redy"; did you mean "api-ready"?'],
  ],
  [
    'a detection after no fault',
    'after: killed',
    'after: kiled',
    ['scenarios/store-loss.yaml:9:14: the scenario store-loss has no fault "kiled"; did you mean "killed"?'],
  ],
  [
    'a need that is not met',
    'faults:',
    'needs: { roles: [cache] }\nfaults:',
    ['scenarios/store-loss.yaml:3:18: the platform shop has no role "cache"; it has "database" or "api"'],
  ],
];

describe('checkScenario', () => {
  it.each(cases)('says that there is %s', async (_, from, to, said) => {
    expect(await errorsOf(changed(scenario, from, to), 'store-loss/strict')).toEqual(said);
  });
});
