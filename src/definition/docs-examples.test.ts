import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { drill as example, formatted } from '../../test/definition/example.ts';
import { drill as schema } from './drill.ts';
import { parseDefinition } from './parse-definition.ts';

/** Sections of the page whose examples are keys of a drill. */
const sections = [
  'Success criteria',
  'The whole runbook',
  'Claims about data',
  'Regular updates',
  'The order of restoration',
  'What must be healthy before',
  'Health checks of the runbook',
];
const page = readFileSync(new URL('../../docs/writing-drills.md', import.meta.url), 'utf8');

function examplesOf(section: string): readonly string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
}

describe('examples of docs/writing-drills.md', () => {
  it.each(sections)('%s: a drill can have these keys', (section) => {
    const examples = examplesOf(section);
    expect(examples).toHaveLength(1);
    for (const yaml of examples) {
      const parsed = parseDefinition('drill', `${example}${yaml}`, 'docs');
      expect('errors' in parsed ? formatted(parsed.errors) : []).toEqual([]);
    }
  });

  it('have every key of what is judged beside objectives', () => {
    const shown = sections
      .flatMap(examplesOf)
      .flatMap((yaml) => Object.keys(parseDocument(yaml).toJS() as object));
    const judged = ['criteria', 'coverage', 'claims', 'updates', 'restoration-order', 'health-checks'];
    expect(shown).toEqual(expect.arrayContaining(judged));
    expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(judged));
  });
});
