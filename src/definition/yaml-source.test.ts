import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDefinitionError } from './definition-error.ts';
import { parseYaml } from './yaml-source.ts';

function said(text: string): string {
  const yaml = parseYaml(text, 'x.yaml');
  return 'errors' in yaml
    ? yaml.errors.map(formatDefinitionError).join('\n')
    : JSON.stringify(yaml.source.data);
}

describe('parseYaml', () => {
  it('keeps what YAML 1.1 would turn into something else', () => {
    expect(said('a: no\nb: 2024-01-01\nc: 1:30\nd: 012\ne: on')).toBe(
      '{"a":"no","b":"2024-01-01","c":"1:30","d":12,"e":"on"}',
    );
  });

  it('expands aliases', () =>
    expect(said('a: &x [1, {b: 2}]\nc: *x')).toBe('{"a":[1,{"b":2}],"c":[1,{"b":2}]}'));

  it.each([
    [
      'a second document',
      'a: 1\n---\nb: 2',
      'x.yaml:2:1: a second document begins here ("---"); expected one document a file',
    ],
    ['a key twice', 'a: 1\na: 2', 'x.yaml:2:1: this key stands twice in its mapping'],
    ['a tab', 'a:\n\tb: 1', 'x.yaml:2:1: a tab is used as indentation; YAML takes spaces only'],
    ['only comments', '# hello', 'x.yaml:1:1: the file is empty'],
    ['a cycle', 'a: &a [*a]', 'x.yaml:1:8: the alias *a contains itself'],
    ['a cycle of mappings', 'a: &a { b: { c: *a } }', 'x.yaml:1:17: the alias *a contains itself'],
    ['an alias of nothing', 'a: *b', 'x.yaml:1:4: the alias *b has no anchor &b before it'],
    ['__proto__', 'a: { __proto__: { b: 1 } }', 'x.yaml:1:6: the key "__proto__" is not allowed'],
    [
      'a number as key',
      '1: x',
      'x.yaml:1:1: this key is not text; expected a name (put it in quotes if it is one)',
    ],
    [
      'a list as key',
      '? [a]\n: x',
      'x.yaml:1:3: this key is not text; expected a name (put it in quotes if it is one)',
    ],
    [
      'a merge key',
      'a: &x { b: 1 }\nc: { <<: *x }',
      'x.yaml:2:6: merge keys ("<<") are not part of YAML 1.2; write the keys out',
    ],
    ['a tag', 'a: !secret x', 'x.yaml:1:4: this is not valid YAML: Unresolved tag: !secret'],
    ['infinity', 'a: .inf', 'x.yaml:1:4: expected text, a finite number, true, false or null'],
    [
      'YAML 1.1',
      '%YAML 1.1\n---\na: no',
      'x.yaml:1:1: the file declares an older YAML version (%YAML); definitions are YAML 1.2',
    ],
    ['nesting', `${'['.repeat(70)}${']'.repeat(70)}`, 'x.yaml:1:62: this is nested more than 60 deep'],
    ['bottomless nesting', '{a: '.repeat(20_000), 'x.yaml:1:1: the file is nested too deeply to be read'],
    [
      'size',
      `a: "${'x'.repeat(1_000_001)}"`,
      'x.yaml:1:1: the file has 1000006 characters; the most a definition may have is 1000000',
    ],
  ])('says where there is %s', (_, text, message) => expect(said(text)).toBe(message));

  it('says what a quote that is never closed leads to, once', () =>
    expect(said('a: "x\nb: 1')).toMatch(/^x\.yaml:2:\d+: [^\n]*closing quote[^\n]*$/));

  it('stops at a bomb of aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`,
    );
    expect(said(['a0: &a0 [x, x, x, x, x]', ...levels].join('\n'))).toMatch(
      /^x\.yaml:\d+:\d+: the file's aliases expand to more than 50000 values$/,
    );
  });

  it('never throws', () => {
    const fragment = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '&a',
      '*a',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|',
      '>',
      '!',
      '%',
      '#',
      '\t',
      '? ',
      '---',
      ',',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (parts) => {
        said(parts.join(''));
      }),
      { numRuns: 300 },
    );
  });

  it('locates values and keys, and what is missing by what is around it', () => {
    const yaml = parseYaml('a:\n  b: [x, y]\nc: 1', 'x.yaml');
    const at = (path: (string | number)[], part?: 'key') =>
      'source' in yaml ? yaml.source.at(path, part) : null;
    expect(at(['a', 'b', 1])).toEqual({ file: 'x.yaml', line: 2, column: 10 });
    expect(at(['a', 'b'], 'key')).toEqual({ file: 'x.yaml', line: 2, column: 3 });
    expect(at(['c'])).toEqual({ file: 'x.yaml', line: 3, column: 4 });
    expect(at(['a', 'z', 'q'])).toEqual({ file: 'x.yaml', line: 1, column: 1 });
  });
});
