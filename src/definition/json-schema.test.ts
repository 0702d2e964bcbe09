import { describe, expect, it } from 'vitest';
import { jsonSchema } from './json-schema.ts';
import type { DefinitionKind } from './kinds.ts';

describe('jsonSchema', () => {
  it.each(['drill', 'scenario', 'platform', 'project'] as const)(
    'of a %s is the one that is published',
    async (kind: DefinitionKind) => {
      // After a change of the schemas: `vitest run src/definition/json-schema.test.ts -u`.
      await expect(`${JSON.stringify(jsonSchema(kind), null, 2)}\n`).toMatchFileSnapshot(
        `../../schema/${kind}.schema.json`,
      );
    },
  );

  it('takes durations in words', () => {
    expect(jsonSchema('drill')).toMatchObject({
      properties: {
        recovered: {
          properties: { hold: { type: 'string', title: 'a duration such as 90s, 5m or 1h 30m' } },
        },
      },
    });
  });

  it('knows no other keys than the schema', () => {
    expect(jsonSchema('scenario')).toMatchObject({ additionalProperties: false });
  });
});
