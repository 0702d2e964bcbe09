import { checkStages } from './check-stages.ts';
import type { DefinitionError } from './definition-error.ts';
import { definitionError } from './definition-error.ts';
import type { Drill } from './drill.ts';
import { type Mention, mentionsIn, unknownNames } from './known-names.ts';
import { chosen, marksOf } from './marks.ts';
import type { Platform } from './platform.ts';
import { addressable } from './platform-names.ts';
import type { Scenario } from './scenario.ts';
import type { Definition, Path } from './source.ts';
import { type PlacedStage, procedureOf } from './stages.ts';

/** One variant of a drill with everything it names, before the runbook. */
export interface DrillCase {
  readonly drill: Definition<Drill>;
  readonly variant: string | null;
  readonly scenario: Definition<Scenario>;
  readonly platform: Definition<Platform>;
  readonly stages: readonly PlacedStage[];
}

/** Every name in a drill that its scenario, its platform or the drill itself does not know. */
export function checkDrill(drillCase: DrillCase): readonly DefinitionError[] {
  return [
    ...checkEnvironment(drillCase),
    ...checkProbes(drillCase),
    ...checkLedgers(drillCase),
    ...checkMarks(drillCase),
    ...checkStages(drillCase),
  ];
}

function checkEnvironment({ drill: { value, source }, platform }: DrillCase): readonly DefinitionError[] {
  const { environment, platform: name } = platform.value;
  if (value.environment === undefined || value.environment === environment) return [];
  return [
    definitionError(
      source.at(['environment']),
      `the platform ${name} runs in ${environment}, not in ${value.environment}`,
    ),
  ];
}

function checkProbes({ drill, platform, stages }: DrillCase): readonly DefinitionError[] {
  const { value, source } = drill;
  const { probes, platform: name } = platform.value;
  const listed = mentionsIn(source, ['probes'], value.probes);
  const objectives = Object.entries(value.objectives).flatMap(([key, objective]) =>
    'probe' in objective ? [{ source, path: ['objectives', key, 'probe'], name: objective.probe }] : [],
  );
  const until = stages.flatMap(({ stage, path }) =>
    'until' in stage && stage.until !== 'recovered'
      ? [{ source, path: [...path, 'until', 'probe'], name: stage.until.probe }]
      : [],
  );
  const verifying = [...verifications(drill, stages), ...criteria(drill)];
  const used = [
    ...mentionsIn(source, ['recovered', 'probes'], value.recovered.probes),
    ...objectives,
    ...until,
    ...verifying.filter(({ what }) => what === 'probe'),
  ];
  return [
    ...unknownNames(listed, { owner: `platform ${name}`, what: 'probe', names: Object.keys(probes ?? {}) }),
    ...unknownNames(used, {
      owner: value.probes === undefined ? `platform ${name}` : 'drill',
      what: 'probe',
      names: chosen(value.probes, probes),
    }),
    ...unknownNames(
      verifying.filter(({ what }) => what === 'role'),
      { owner: `platform ${name}`, what: 'role, component or instance', names: addressable(platform.value) },
    ),
  ];
}

type Verifying = Mention & { readonly what: 'probe' | 'role' };

function verifications({ source }: Definition<Drill>, stages: readonly PlacedStage[]): readonly Verifying[] {
  return stages.flatMap((placed) => {
    const procedure = procedureOf(placed);
    return (procedure?.procedure.steps ?? []).flatMap(({ verify }, i) =>
      (verify ?? []).flatMap(({ probe }, j) =>
        verifying({ source, path: [...(procedure?.path ?? []), 'steps', i, 'verify', j, 'probe'] }, probe),
      ),
    );
  });
}

function criteria({ value, source }: Definition<Drill>): readonly Verifying[] {
  return (value.criteria ?? []).flatMap(({ check }, i) => {
    const path = ['criteria', i, 'check'];
    if ('probes' in check)
      return mentionsIn(source, [...path, 'probes'], check.probes).map((mention) => ({
        ...mention,
        what: 'probe' as const,
      }));
    return 'probe' in check ? verifying({ source, path: [...path, 'probe'] }, check.probe) : [];
  });
}

type ProbeOrName = string | { readonly kind: string; readonly role?: string };

function verifying(
  at: { readonly source: Definition<Drill>['source']; readonly path: Path },
  probe: ProbeOrName,
): readonly Verifying[] {
  if (typeof probe === 'string') return [{ ...at, name: probe, what: 'probe' }];
  return probe.role === undefined
    ? []
    : [{ source: at.source, path: [...at.path, 'role'], name: probe.role, what: 'role' }];
}

function checkLedgers({ drill: { value, source }, platform }: DrillCase): readonly DefinitionError[] {
  const { ledgers, platform: name } = platform.value;
  const objectives = Object.entries(value.objectives).flatMap(([key, objective]) =>
    'ledger' in objective ? [{ source, path: ['objectives', key, 'ledger'], name: objective.ledger }] : [],
  );
  return [
    ...unknownNames(mentionsIn(source, ['ledgers'], value.ledgers), {
      owner: `platform ${name}`,
      what: 'ledger',
      names: Object.keys(ledgers ?? {}),
    }),
    ...unknownNames(objectives, {
      owner: value.ledgers === undefined ? `platform ${name}` : 'drill',
      what: 'ledger',
      names: chosen(value.ledgers, ledgers),
    }),
  ];
}

function checkMarks({ drill: { value, source }, scenario, stages }: DrillCase): readonly DefinitionError[] {
  const mentions = Object.entries(value.objectives).flatMap(([key, objective]) => {
    if (!('from' in objective)) return [];
    return (['from', 'until'] as const).map((end) => ({
      source,
      path: ['objectives', key, end],
      name: objective[end],
    }));
  });
  return unknownNames(mentions, { owner: 'drill', what: 'mark', names: marksOf(scenario.value, stages) });
}
