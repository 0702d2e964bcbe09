import type { DrillCase } from './check-drill.ts';
import { filledAnywhere, unknownSubstitutions } from './check-substitutions.ts';
import type { DefinitionError } from './definition-error.ts';
import type { Drill, StageSpec } from './drill.ts';
import { type Mention, mentionsIn, rolesNamed, unknownNames } from './known-names.ts';
import { observed } from './observed.ts';
import type { ProbeSpec } from './observing.ts';
import { addressable } from './platform-names.ts';
import type { Definition, Path, Source } from './source.ts';
import { type PlacedStage, procedureOf } from './stages.ts';

/** Every probe and ledger that a drill names, and the roles of the probes it has itself. */
export function checkSignals(drillCase: DrillCase): readonly DefinitionError[] {
  const { drill, platform, stages } = drillCase;
  const owner = `platform ${platform.value.platform}`;
  const observing = [...verifications(drill, stages), ...criteria(drill)];
  const named = observing.flatMap(({ probe, ...at }) =>
    typeof probe === 'string' ? [{ ...at, name: probe }] : [],
  );
  const probes = [...probesNamed(drillCase), ...named];
  const own = observing.flatMap(({ probe, ...at }) => (typeof probe === 'string' ? [] : [{ at, probe }]));
  const roles = own.flatMap(({ at, probe }) => rolesNamed(at, probe));
  const filled = filledAnywhere(platform.value);
  return [
    ...checkListed(drillCase),
    ...unknownNames(probes, observed('probes', drill.value, platform.value)),
    ...unknownNames(roles, {
      owner,
      what: 'role, component or instance',
      names: addressable(platform.value),
    }),
    ...own.flatMap(({ at }) =>
      unknownSubstitutions({ ...at, path: [...at.path, 'headers'] }, filled, platform.value.platform),
    ),
    ...unknownNames(ledgersNamed(drill), observed('ledgers', drill.value, platform.value)),
  ];
}

/** The drill's own lists, which may only have what the platform has. */
function checkListed({ drill: { value, source }, platform }: DrillCase): readonly DefinitionError[] {
  const owner = `platform ${platform.value.platform}`;
  return (['probes', 'ledgers'] as const).flatMap((kind) => {
    const names = Object.keys(platform.value[kind] ?? {});
    return unknownNames(mentionsIn(source, [kind], value[kind]), { owner, what: kind.slice(0, -1), names });
  });
}

function probesNamed({ drill: { value, source }, stages }: DrillCase): readonly Mention[] {
  const objectives = Object.entries(value.objectives).flatMap(([key, objective]) =>
    'probe' in objective ? [{ source, path: ['objectives', key, 'probe'], name: objective.probe }] : [],
  );
  const monitoring = (value.criteria ?? []).flatMap(({ check }, i) =>
    'errors-below' in check && check['monitored-by'] !== undefined
      ? [{ source, path: ['criteria', i, 'check', 'monitored-by'], name: check['monitored-by'] }]
      : [],
  );
  const until = stages.flatMap(({ stage, path }) =>
    'until' in stage
      ? probesAwaited(stage.until).map((each) => ({
          source,
          ...each,
          path: [...path, 'until', ...each.path],
        }))
      : [],
  );
  return [
    ...mentionsIn(source, ['recovered', 'probes'], value.recovered.probes),
    ...mentionsIn(source, ['steady', 'probes'], value.steady?.probes),
    ...mentionsIn(source, ['restoration-order'], value['restoration-order']),
    ...monitoring,
    ...objectives,
    ...until,
  ];
}

function probesAwaited(
  until: Extract<StageSpec, { until: unknown }>['until'],
): readonly { readonly path: Path; readonly name: string }[] {
  if (until === 'recovered') return [];
  if ('probe' in until) return [{ path: ['probe'], name: until.probe }];
  return until.map(({ probe }, i) => ({ path: [i, 'probe'], name: probe }));
}

function ledgersNamed({ value, source }: Definition<Drill>): readonly Mention[] {
  return [
    ...Object.entries(value.objectives).flatMap(([key, objective]) =>
      'ledger' in objective ? [{ source, path: ['objectives', key, 'ledger'], name: objective.ledger }] : [],
    ),
    ...(value.claims ?? []).flatMap(({ ledgers }, i) =>
      mentionsIn(source, ['claims', i, 'ledgers'], ledgers),
    ),
  ];
}

/** Where a verification or a criterion observes something: by a probe of the platform, or one of its own. */
interface Observes {
  readonly source: Source;
  readonly path: Path;
  readonly probe: string | ProbeSpec;
}

function verifications({ source }: Definition<Drill>, stages: readonly PlacedStage[]): readonly Observes[] {
  return stages.flatMap((placed) => {
    const procedure = procedureOf(placed);
    return (procedure?.procedure.steps ?? []).flatMap(({ verify }, i) =>
      (verify ?? []).map(({ probe }, j) => ({
        source,
        path: [...(procedure?.path ?? []), 'steps', i, 'verify', j, 'probe'],
        probe,
      })),
    );
  });
}

function criteria({ value, source }: Definition<Drill>): readonly Observes[] {
  return (value.criteria ?? []).flatMap(({ check }, i) => {
    const path = ['criteria', i, 'check'];
    if ('probes' in check)
      return check.probes.map((probe, j) => ({ source, path: [...path, 'probes', j], probe }));
    return 'probe' in check ? [{ source, path: [...path, 'probe'], probe: check.probe }] : [];
  });
}
