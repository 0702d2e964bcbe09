import type { DrillCase } from './check-drill.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { quote } from './quote.ts';
import type { Path } from './source.ts';

/**
 * Where a drill says which probes must be healthy before the fault: those that its verdict compares with that time are
 * among them.
 */
export function checkSteady({ drill: { value, source } }: DrillCase): readonly DefinitionError[] {
  const healthy = value.steady?.probes;
  if (healthy === undefined) return [];
  const compared: readonly { readonly probe: string; readonly path: Path }[] = [
    ...value.recovered.probes.map((probe, i) => ({ probe, path: ['recovered', 'probes', i] })),
    ...(value.criteria ?? []).flatMap(({ check }, i) =>
      'errors-below' in check || 'values-below' in check
        ? check.probes.map((probe, j) => ({ probe, path: ['criteria', i, 'check', 'probes', j] }))
        : [],
    ),
  ];
  return compared
    .filter(({ probe }) => !healthy.includes(probe))
    .map(({ probe, path }) =>
      definitionError(
        source.at(path),
        `nothing shows how ${quote(probe)} was before the fault: name it under "steady", too, or leave out the probes there`,
      ),
    );
}
