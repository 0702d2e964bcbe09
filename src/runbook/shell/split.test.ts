import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitShell } from './split.ts';

const split = (text: string) => splitShell(text.split('\n').map((line, i) => ({ text: line, line: i + 1 })));
const texts = (text: string) => split(text).map((command) => command.text);

describe('splitShell', () => {
  it.each([
    ['continuations', 'aws x \\\n  --y z'],
    ['a pipe at the end', 'kubectl get pods |\n  grep x'],
    ['a list at the end', 'true &&\n  false'],
    ['an open double quotation', 'curl -d "{\n  1\n}" x'],
    ['an open single quotation', "awk '\n  { print }\n' f"],
    ['a here-document', 'cat <<EOF > f\n# no comment\n$ x\nif\nEOF'],
    ['a here-document with tabs', "cat <<-'E' | sh\n\tls\n\tE"],
    ['two here-documents', 'diff <(cat <<A) - <<B\na\nA\nb\nB'],
    ['for', 'for i in 1 2; do\n  # why\n  echo $i\n\ndone'],
    ['while with a redirection', 'while read -r l\ndo echo "$l"\ndone < f'],
    ['if and else', 'if [ -f x ]; then\n  a\nelse\n  b\nfi'],
    ['case', 'case $x in\n  a) echo;;\n  *) exit 1 ;;\nesac'],
    ['a function', 'f() {\n  x\n}'],
    ['a function with its brace on the next line', 'f()\n{\n  x\n}'],
    ['the function keyword', 'function g {\n  x\n}'],
    ['a subshell', '( cd x\n  ls )'],
    ['a substitution', 'x=$(foo\n  bar)'],
    ['an array', 'a=(\n  1\n)'],
    ['a group', '{ a\n  b; } | c'],
  ])('keeps %s whole', (_name, command) => {
    expect(texts(`before\n${command}\nafter`)).toEqual(['before', command, 'after']);
  });

  it.each([
    'git checkout <last-good-commit>',
    "run <the customer's id>",
    'echo $((1<<2))',
    'psql <<< "x"',
    'echo done',
    'echo if',
    `x=\${a#b}`,
    "awk '{print $1}' # it's",
    'curl http://x/#y',
    '[[ $a == b ]] && { c; }',
    'kubectl get pods -o jsonpath="{.items[*].a}"',
    'echo trailing \\',
  ])('ends %s with its line', (command) => {
    expect(texts(`${command}\n\nafter`)).toEqual([command, 'after']);
  });

  it('gives the comment above to every command up to a blank line', () => {
    expect(split('# one\n# two\na\nb\n\nc\n# d\nd').map(({ comment }) => comment)).toEqual([
      'one; two',
      'one; two',
      null,
      'd',
    ]);
  });

  it('keeps the lines', () => {
    expect(split('\n# x\na \\\n b\nc').map(({ lines }) => lines)).toEqual([
      { from: 3, to: 4 },
      { from: 5, to: 5 },
    ]);
  });

  it('takes a command that never ends for its first line', () => {
    expect(texts("echo don't\nls\nps")).toEqual(["echo don't", 'ls', 'ps']);
    expect(texts('if true\nls')).toEqual(['if true', 'ls']);
  });

  it('stays fast where nothing ends', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => ({
      text: i % 2 ? 'if x' : "echo 'y",
      line: i + 1,
    }));
    expect(splitShell(lines).flatMap(({ text }) => text.split('\n'))).toHaveLength(20_000);
  });

  it('loses no line and repeats none, in order, whatever the text', () => {
    const pieces = fc.constantFrom(
      'if',
      'then',
      'fi',
      'do',
      'done',
      'case',
      'esac',
      '{',
      '}',
      '(',
      ')',
      '<<E',
      'E',
      '"',
      "'",
      '`',
      '\\',
      '|',
      '&&',
      ';',
      '$(',
      '${',
      '$((',
      '))',
      '#',
      'ls',
      ' ',
      '<x>',
      'f()',
      'é',
      '\t',
    );
    const line = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), (parts) => {
        const lines = parts.join('\n').split('\n');
        const kept = texts(lines.join('\n')).flatMap((text) => text.split('\n'));
        const isWork = (text: string) => text.trim() !== '' && !text.trim().startsWith('#');
        expect(kept.filter(isWork).map((text) => text.trim())).toEqual(
          lines.filter(isWork).map((text) => text.trim()),
        );
      }),
      { numRuns: 500 },
    );
  });
});
