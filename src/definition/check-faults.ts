import { type DefinitionError, definitionError } from './definition-error.ts';
import { quote } from './quote.ts';
import type { FaultSpec, Scenario } from './scenario.ts';
import type { Definition, Path } from './source.ts';

/** What the schema of a fault cannot see, without any platform. */
export function checkFaults({ value, source }: Definition<Scenario>): readonly DefinitionError[] {
  return Object.entries(value.faults).flatMap(([id, spec]) =>
    mistakesIn(spec).map(({ key, message }) => {
      const path: Path = key === null ? ['faults', id] : ['faults', id, key];
      return definitionError(source.at(path, 'key'), message);
    }),
  );
}

interface Mistake {
  /** Null: the fault as a whole. */
  readonly key: string | null;
  readonly message: string;
}

function mistakesIn(spec: FaultSpec): readonly Mistake[] {
  switch (spec.fault) {
    case 'sql':
      return halfAWayBack(spec);
    case 'kill':
      return unholdable(spec);
    case 'limit':
      return spec.memory === undefined && spec.cpus === undefined
        ? [{ key: null, message: 'the fault "limit" limits nothing; expected "memory", "cpus" or both' }]
        : [];
    case 'patch':
      return patchOfWhat(spec);
    case 'hog':
      return hogOfNothing(spec);
    case 'cluster-dns':
      return spec.name !== undefined && spec.how !== 'nxdomain'
        ? [
            {
              key: 'name',
              message: '"name" says what "how: nxdomain" denies: without CoreDNS no name is found',
            },
          ]
        : [];
    default:
      return [];
  }
}

function patchOfWhat({ target, object, patch }: Extract<FaultSpec, { fault: 'patch' }>): readonly Mistake[] {
  const one =
    'expected "target", a workload of the platform file, or "object", any other object of a cluster';
  return [
    ...(target === undefined && object === undefined
      ? [{ key: null, message: `the fault "patch" patches nothing; ${one}` }]
      : []),
    ...(target !== undefined && object !== undefined
      ? [{ key: 'object', message: `"target" and "object" both say what is patched; ${one}` }]
      : []),
    ...(Object.keys(patch).length === 0 ? [{ key: 'patch', message: 'this patch changes nothing' }] : []),
  ];
}

function hogOfNothing({ memory, cpus, requests }: Extract<FaultSpec, { fault: 'hog' }>): readonly Mistake[] {
  if (memory !== undefined || cpus !== undefined || requests !== undefined) return [];
  return [
    {
      key: null,
      message: 'the fault "hog" takes nothing; expected "memory", "cpus" or, to reserve it only, "requests"',
    },
  ];
}

function halfAWayBack({ heal, active }: Extract<FaultSpec, { fault: 'sql' }>): readonly Mistake[] {
  if ((heal === undefined) === (active === undefined)) return [];
  const [key, missing] = heal === undefined ? ['active', 'heal'] : ['heal', 'active'];
  const why = missing === 'active' ? 'nothing could prove that it was healed' : 'nothing would bring it back';
  const message = `${quote(key)} without ${quote(missing)}: ${why}; expected both of them, or none where there is no way back`;
  return [{ key, message }];
}

function unholdable({
  processes,
  scope,
  restart,
}: Extract<FaultSpec, { fault: 'kill' }>): readonly Mistake[] {
  if (processes === undefined) return [];
  const held =
    'nothing can hold a process inside a component that lives on: expected "restart: allowed", or no "processes" to hold all of it';
  const twice = '"scope" and "processes" both say which processes are meant; expected one of them';
  return [
    ...(restart === 'held' ? [{ key: 'processes', message: held }] : []),
    ...(scope === undefined ? [] : [{ key: 'scope', message: twice }]),
  ];
}
