import { type DefinitionError, definitionError } from './definition-error.ts';
import type { Drill } from './drill.ts';
import { isJsonObject } from './merge-patch.ts';
import { nearest } from './nearest.ts';
import { checkedAgainst, type Parsed } from './parse-definition.ts';
import { quote } from './quote.ts';
import { type Definition, overlay, valueAt } from './source.ts';

/** A drill's variants, each a drill of its own; `[null]` for a drill without any. */
export function variantsOf({ variants }: Drill): readonly (string | null)[] {
  const names = Object.keys(variants ?? {});
  return names.length > 0 ? names : [null];
}

/** A drill with variants is run by variant, and only by those it has. */
export function unknownVariant(
  { value, source }: Definition<Drill>,
  variant: string | null,
): DefinitionError | null {
  const variants = variantsOf(value);
  if (variants.includes(variant)) return null;
  const names = variants.filter((name) => name !== null);
  const message =
    variant === null
      ? `the drill ${value.drill} is run by variant`
      : `the drill ${value.drill} has no variant ${quote(variant)}`;
  return definitionError(
    source.at(['variants'], 'key'),
    `${message}; it has ${names.length === 0 ? 'none' : names.join(', ')}`,
    nearest(variant ?? '', names),
  );
}

/** The drill with a variant merged in, valid by the schema; errors stand where the bad value came from. */
export function withVariant(drill: Definition<Drill>, variant: string | null): Parsed<Drill> {
  if (variant === null) return { definition: drill };
  const path = ['variants', variant];
  const patch = valueAt(drill.source.data, path);
  const fixed = ['drill', 'variants'].filter((key) => isJsonObject(patch) && Object.hasOwn(patch, key));
  if (fixed.length > 0) {
    return {
      errors: fixed.map((key) =>
        definitionError(
          drill.source.at([...path, key], 'key'),
          `a variant cannot change "${key}" of its drill`,
        ),
      ),
    };
  }
  return checkedAgainst('drill', overlay(drill.source, drill.source, path));
}
