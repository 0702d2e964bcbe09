import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from './parse.ts';
import { stepsAsText } from './steps-as-text.ts';
import { commands, fence } from './testing.ts';

describe('any text', () => {
  it('may hold more steps, or more in one line, than a call takes arguments', () => {
    const many = 150_000;
    expect(commands(fence('bash', 'x\n'.repeat(many)))).toHaveLength(many);
    expect(parseRunbook('<n>'.repeat(many)).placeholders).toHaveLength(many);
  });

  const word = fc.constantFrom(
    '# ',
    '## S (0-5 minutes)',
    '- ',
    '- [ ] ',
    '1. ',
    '```',
    '```bash',
    '~~~',
    '> ',
    '□ ',
    '1. ACT (0-2 min)',
    '$ ls',
    '# ls -l',
    '**Owner**: ',
    '| a | b |',
    '|-|-|',
    '<x>',
    '[DATE]',
    `\${V}`,
    '{{y}}',
    'kubectl get pods',
    'SELECT 1;',
    '    ',
    '\t',
    '\n',
    '\n',
    '\n\n',
    '\r\n',
    '---',
    '===',
    '<!--',
    '-->',
    '`',
    '**',
    'every 5 minutes',
    '\u0000',
    '😀',
    "'",
    '"',
    '\\',
  );
  const markdown = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
  );

  it('is read without an error, with unique ids and links that lead somewhere', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const runbook = parseRunbook(text);
        const steps = runbook.sections.flatMap((section) => section.steps);
        const known = new Set(steps.map(({ id }) => id));
        const last = text.split(/\r\n|\n|\r/).length;
        expect(known.size).toBe(steps.length);
        for (const step of steps) {
          expect(step.under === null || known.has(step.under)).toBe(true);
          expect(step.lines.from >= 1 && step.lines.from <= step.lines.to && step.lines.to <= last).toBe(
            true,
          );
        }
        expect(JSON.parse(JSON.stringify(runbook))).toEqual(runbook);
        expect(stepsAsText(runbook)).not.toMatch(/(?!\n)\p{Cc}/u);
      }),
      { numRuns: 600 },
    );
  });

  it('keeps every line of a shell fence in one command, in order, wherever the fence stands', () => {
    const line = fc
      .oneof(
        fc.constantFrom(
          'ls -l',
          'for i in 1; do',
          'done',
          'x |',
          'y \\',
          'cat <<E',
          'E',
          "a 'b",
          '# c',
          '',
          'f() {',
          '}',
        ),
        fc.string({ maxLength: 12 }),
      )
      .filter((text) => !/[`~\r\n\v\f\u0085\u2028\u2029\t]/.test(text) && !/^\s*\$ /.test(text));
    const place = fc.constantFrom('', '   ', '- ', '1. ');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), place, (lines, mark) => {
        const indent = ' '.repeat(mark.length);
        const body = ['```bash', ...lines, '```']
          .map((text, i) => (i === 0 ? mark : indent) + text)
          .join('\n');
        const isWork = (text: string) => text.trim() !== '' && !text.trim().startsWith('#');
        const kept = commands(`# R\n\n${body}\n`).flatMap((text) => text.split('\n'));
        expect(kept.filter(isWork).map((text) => text.trim())).toEqual(
          lines.filter(isWork).map((text) => text.trim()),
        );
      }),
      { numRuns: 400 },
    );
  });
});
