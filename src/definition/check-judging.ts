import type { DrillCase } from './check-drill.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import type { Drill } from './drill.ts';
import type { ProbeSpec } from './observing.ts';
import { quote } from './quote.ts';
import type { Definition, Path } from './source.ts';

/** What a drill wants judged and no run could ever show: numbers of a probe that observes none, an order with one name twice. */
export function checkJudging({ drill, platform }: DrillCase): readonly DefinitionError[] {
  return [...checkNumbers(drill, platform.value.probes ?? {}), ...checkOrder(drill)];
}

function checkNumbers(
  { value, source }: Definition<Drill>,
  probes: { readonly [name: string]: ProbeSpec },
): readonly DefinitionError[] {
  return (value.criteria ?? [])
    .flatMap(({ check }, i) => numbersOf(check, ['criteria', i, 'check']))
    .flatMap(({ probe, path }) => {
      const spec = probes[probe];
      if (spec === undefined || hasNumbers(spec)) return [];
      const message = `the probe ${quote(probe)} (${spec.kind}) observes no number; expected one with a value: kind exec or kubernetes, postgres with "query", redis with "command" or "field"`;
      return [definitionError(source.at(path), message)];
    });
}

interface Compared {
  readonly probe: string;
  readonly path: Path;
}

/** Probes of a criterion whose values are compared. */
function numbersOf(check: NonNullable<Drill['criteria']>[number]['check'], path: Path): readonly Compared[] {
  if ('values-below' in check)
    return check.probes.map((probe, j) => ({ probe, path: [...path, 'probes', j] }));
  const monitor = 'errors-below' in check ? check['monitored-by'] : undefined;
  return monitor === undefined ? [] : [{ probe: monitor, path: [...path, 'monitored-by'] }];
}

function hasNumbers(spec: ProbeSpec): boolean {
  switch (spec.kind) {
    case 'http':
      return false;
    case 'postgres':
      return spec.query !== undefined;
    case 'redis':
      return spec.command !== undefined || spec.field !== undefined;
    case 'kubernetes':
    case 'exec':
      return true;
  }
}

function checkOrder({ value, source }: Definition<Drill>): readonly DefinitionError[] {
  const order = value['restoration-order'] ?? [];
  return order.flatMap((probe, i) =>
    order.indexOf(probe) === i
      ? []
      : [definitionError(source.at(['restoration-order', i]), `${quote(probe)} stands in the order twice`)],
  );
}
