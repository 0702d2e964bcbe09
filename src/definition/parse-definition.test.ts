import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drill, formatted, platform, scenario } from '../../test/definition/example.ts';
import type { DefinitionKind } from './kinds.ts';
import { parseDefinition } from './parse-definition.ts';

function said(kind: DefinitionKind, text: string): readonly string[] {
  const parsed = parseDefinition(kind, text, 'x.yaml');
  return 'errors' in parsed ? formatted(parsed.errors) : [];
}
const stage = (text: string) =>
  said('drill', drill.replace('  - until: recovered\n    within: 30s', `  - ${text}`));

describe('parseDefinition', () => {
  it('turns durations into milliseconds', () => {
    const parsed = parseDefinition('drill', drill, 'x.yaml');
    expect('definition' in parsed && parsed.definition.value.recovered.hold).toBe(2000);
  });

  it.each([
    ['project', 'drills: d'],
    ['platform', platform],
    ['scenario', scenario],
    ['drill', drill],
  ] as const)('takes a valid %s', (kind, text) => expect(said(kind, text)).toEqual([]));

  it('says all errors of a file at once, in its order', () => {
    expect(
      said('scenario', 'scenario: Not A Name\ntitel: x\nfaults: { a: { fault: kil } }\nsymptoms: []'),
    ).toEqual([
      'x.yaml:1:11: expected a name of lower-case letters, digits, dots and dashes, found "Not A Name"',
      'x.yaml:2:1: there is no key "titel" here; did you mean "title"?',
      'x.yaml:3:23: expected "kill", "pause", "request", "start", "sql", "toxic", "disconnect", "partition", "fill-disk", "limit", "clock", "replace-file" and 7 more, found "kil"; did you mean "kill"?',
      'x.yaml:4:11: expected a list whose length is at least 1, found a list',
    ]);
  });

  it('names the keys that are missing', () => {
    expect(said('project', 'drils: x\n7up: y')).toEqual([
      'x.yaml:1:1: there is no key "drils" here; did you mean "drills"?',
      'x.yaml:2:1: there is no key "7up" here; expected "drills", "scenarios", "platforms", "runbooks" or "reports"',
    ]);
    expect(said('scenario', 'scenario: x\ntitle: y\nsymptoms: [{ when: { probe: p, above: 1 } }]')).toEqual([
      'x.yaml:1:1: "faults" is missing; expected a mapping',
    ]);
  });

  it.each([
    [
      'no mapping at all',
      'scenario',
      'hello',
      ['x.yaml:1:1: expected a mapping with "scenario", "title", "faults" and "symptoms", found "hello"'],
    ],
    [
      'a number for a duration',
      'drill',
      drill.replace('hold: 2s', 'hold: 2'),
      ['x.yaml:6:41: expected a duration such as 90s, 5m or 1h 30m, found the number 2'],
    ],
    [
      'a duration without a unit',
      'drill',
      drill.replace('hold: 2s', 'hold: "2"'),
      ['x.yaml:6:41: expected a duration in words, such as 90s, 5m or 1h 30m, found "2"'],
    ],
    [
      'a yes of YAML 1.1',
      'platform',
      platform.replace('members: [db-1, db-2]', 'members: [db-1, db-2]\n      synchronous: yes'),
      ['x.yaml:7:20: expected true or false, found "yes" (YAML 1.2 knows only true and false)'],
    ],
    [
      'an unquoted date as name',
      'drill',
      drill.replace('late: {}', '2024_01_01: {}'),
      ['x.yaml:31:3: expected a name of lower-case letters, digits, dots and dashes, found "2024_01_01"'],
    ],
    [
      'nothing',
      'drill',
      drill.replace('title: Promote the replica', 'title:'),
      ['x.yaml:2:7: expected text, found nothing'],
    ],
  ] as const)('explains %s', (_, kind, text, messages) => expect(said(kind, text)).toEqual(messages));

  describe('where several shapes are possible', () => {
    it.each([
      [
        'a misspelt key',
        'injct: killed',
        ['x.yaml:22:5: there is no key "injct" here; did you mean "inject"?'],
      ],
      [
        'an unknown key',
        'explode: api',
        [
          'x.yaml:22:5: there is no key "explode" here; expected "inject", "procedure", "until", "heal", "return", "rejoin" or "failback"',
        ],
      ],
      [
        'a misspelt word',
        '{ until: recoverd, within: 3s }',
        ['x.yaml:22:14: expected "recovered", found "recoverd"; did you mean "recovered"?'],
      ],
      [
        'a word of the branch meant',
        '{ until: { probe: lag, is: faling }, within: 3s }',
        ['x.yaml:22:32: expected "failing" or "healthy", found "faling"; did you mean "failing"?'],
      ],
      [
        'a key that would tell',
        '{ until: { probe: lag }, within: 3s }',
        ['x.yaml:22:14: a key is missing here; expected "is", "above", "below" or "equals"'],
      ],
      [
        'a missing part',
        '{ until: recovered }',
        ['x.yaml:22:5: "within" is missing; expected a duration such as 90s, 5m or 1h 30m'],
      ],
      [
        'a key too many',
        '{ heal: all, within: 3s }',
        ['x.yaml:22:18: there is no key "within" here; expected "only"'],
      ],
    ])('explains %s', (_, text, messages) => expect(stage(text)).toEqual(messages));

    it('says what a key stands for nothing without', () => {
      const text = drill.replace(
        'bind: { node-id: db-2 }',
        'verify: [{ name: x, probe: { kind: redis, role: cache, minus: slave0.offset } }]',
      );
      expect(said('drill', text)).toEqual([
        'x.yaml:15:71: expected "field" beside it, which this is taken off, found "slave0.offset"',
      ]);
    });

    it('goes into the branch meant, however deep', () => {
      const text = drill.replace(
        'bind: { node-id: db-2 }',
        'verify: [{ name: x, probe: { kind: htp, role: api } }, { name: y, probe: { kind: postgres, rol: api } }, { name: z, probe: 5 }]',
      );
      expect(said('drill', text)).toEqual([
        'x.yaml:15:44: expected "http", "postgres", "redis", "kubernetes" or "exec", found "htp"; did you mean "http"?',
        'x.yaml:15:100: there is no key "rol" here; did you mean "role"?',
        'x.yaml:15:132: expected text or a mapping with "kind": "http", "postgres", "redis", "kubernetes" or "exec", found the number 5',
      ]);
    });
  });

  it('shows what it quotes harmless and short', () => {
    const [message = ''] = said(
      'project',
      `drills: ["\\e[31m${'x'.repeat(500)}"]\n"\\u202e${'y'.repeat(500)}": 1`,
    ).slice(-1);
    expect(message).toContain('\\u{202e}');
    expect(message.length).toBeLessThan(250);
  });

  it('never throws, whatever is changed in a valid file', () => {
    const kinds = { drill, platform, scenario } as const;
    const piece = fc.constantFrom('[', '{', '}', 'x: 1', '- ', ': ', '"', '5', 'null', '*a', '');
    fc.assert(
      fc.property(
        fc.constantFrom('drill', 'platform', 'scenario'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(8),
        piece,
        (kind, where, cut, put) => {
          const text = kinds[kind];
          const at = Math.floor(where * text.length);
          const parsed = parseDefinition(kind, text.slice(0, at) + put + text.slice(at + cut), 'x.yaml');
          if ('errors' in parsed)
            expect(parsed.errors.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
