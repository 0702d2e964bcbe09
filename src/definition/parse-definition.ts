import { z } from 'zod';
import type { DefinitionError } from './definition-error.ts';
import { explainMisfit } from './explain.ts';
import { type DefinitionKind, type DefinitionKinds, schemas } from './kinds.ts';
import type { Definition, Source } from './source.ts';
import { parseYaml } from './yaml-source.ts';

export type Parsed<T> =
  | { readonly definition: Definition<T> }
  | { readonly errors: readonly DefinitionError[] };

/** One definition from its YAML. Never throws; all errors of the file at once, each with its place in `file`. */
export function parseDefinition<K extends DefinitionKind>(
  kind: K,
  text: string,
  file: string,
): Parsed<DefinitionKinds[K]> {
  const yaml = parseYaml(text, file);
  return 'errors' in yaml ? yaml : checkedAgainst(kind, yaml.source);
}

/** The same for data that is already read, such as a drill with one of its variants merged in. */
export function checkedAgainst<K extends DefinitionKind>(
  kind: K,
  source: Source,
): Parsed<DefinitionKinds[K]> {
  const schema: z.ZodType<DefinitionKinds[K]> = schemas[kind];
  const parsed = z.safeParse(schema, source.data);
  return parsed.success
    ? { definition: { value: parsed.data, source } }
    : { errors: explainMisfit(schema, source) };
}
