import { z } from 'zod';
import { type DefinitionKind, schemas } from './kinds.ts';

const titles: { readonly [K in DefinitionKind]: string } = {
  project: 'drillbook.yaml',
  scenario: 'drillbook scenario',
  drill: 'drillbook drill',
  platform: 'drillbook platform',
};

/** JSON Schema (draft 2020-12) of a definition as it is written, for editors; durations are words there. */
export function jsonSchema(kind: DefinitionKind): z.core.JSONSchema.BaseSchema {
  return { ...z.toJSONSchema(schemas[kind], { io: 'input' }), title: titles[kind] };
}
