import { jsonSchema } from './definition/json-schema.ts';
import { resultJsonSchema } from './reporters/result.ts';

/** JSON Schemas by name, of every file that people write and of the one that programs read. */
export const jsonSchemas: { readonly [name: string]: () => object } = {
  drill: () => jsonSchema('drill'),
  scenario: () => jsonSchema('scenario'),
  platform: () => jsonSchema('platform'),
  project: () => jsonSchema('project'),
  result: () => resultJsonSchema() as object,
};
