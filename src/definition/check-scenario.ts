import { checkFaultTargets } from './check-fault-targets.ts';
import { checkFaults } from './check-faults.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { type Known, type Mention, mentionsIn, unknownNames } from './known-names.ts';
import type { PlatformFile } from './platform.ts';
import { addressable } from './platform-names.ts';
import type { Scenario } from './scenario.ts';
import type { Definition } from './source.ts';

/** What the schema of a scenario cannot see, without any platform. */
export function checkScenario({ value, source }: Definition<Scenario>): readonly DefinitionError[] {
  const faults = Object.keys(value.faults);
  const none =
    faults.length === 0
      ? [definitionError(source.at(['faults'], 'key'), 'a scenario needs at least one fault')]
      : [];
  const after = (['symptoms', 'detection'] as const).flatMap((kind) =>
    (value[kind] ?? []).flatMap(({ after: name }, i) =>
      name === undefined ? [] : [{ source, path: [kind, i, 'after'], name }],
    ),
  );
  return [
    ...none,
    ...checkFaults({ value, source }),
    ...unknownNames(after, { owner: `scenario ${value.scenario}`, what: 'fault', names: faults }),
  ];
}

/** What a scenario asks of a platform; `probes` are those that the drill observes of it. */
export function checkScenarioOn(
  { value, source }: Definition<Scenario>,
  platform: PlatformFile,
  probes: Known,
): readonly DefinitionError[] {
  const owner = `platform ${platform.platform}`;
  const targets: Mention[] = Object.entries(value.faults).flatMap(([id, spec]) =>
    'target' in spec && spec.target !== undefined
      ? [{ source, path: ['faults', id, 'target'], name: spec.target }]
      : [],
  );
  const watched: Mention[] = (['symptoms', 'detection'] as const).flatMap((kind) =>
    (value[kind] ?? []).map(({ when }, i) => ({
      source,
      path: [kind, i, 'when', 'probe'],
      name: when.probe,
    })),
  );
  const needs = (kind: 'roles' | 'probes' | 'ledgers') =>
    mentionsIn(source, ['needs', kind], value.needs?.[kind]);
  return [
    ...unknownNames(targets, { owner, what: 'role, component or instance', names: addressable(platform) }),
    ...checkFaultTargets({ value, source }, platform),
    ...unknownNames(needs('roles'), { owner, what: 'role', names: Object.keys(platform.roles ?? {}) }),
    ...unknownNames(needs('probes'), { owner, what: 'probe', names: Object.keys(platform.probes ?? {}) }),
    ...unknownNames(needs('ledgers'), { owner, what: 'ledger', names: Object.keys(platform.ledgers ?? {}) }),
    ...unknownNames(watched, probes),
  ];
}
