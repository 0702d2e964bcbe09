import { z } from 'zod';
import { type DefinitionKind, schemas } from './kinds.ts';
import { extendingPlatform, platform } from './platform.ts';

const titles: { readonly [K in DefinitionKind]: string } = {
  project: 'drillbook.yaml',
  scenario: 'drillbook scenario',
  drill: 'drillbook drill',
  platform: 'drillbook platform',
};

/** What may stand in a file; a platform that extends another has only a part of what the whole must have. */
const written: { readonly [K in DefinitionKind]: z.ZodType } = {
  ...schemas,
  platform: z.union([platform, extendingPlatform]),
};

/** JSON Schema (draft 2020-12) of a definition as it is written, for editors; durations are words there. */
export function jsonSchema(kind: DefinitionKind): z.core.JSONSchema.BaseSchema {
  return { ...z.toJSONSchema(written[kind], { io: 'input' }), title: titles[kind] };
}
