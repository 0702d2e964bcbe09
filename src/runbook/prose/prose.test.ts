import { describe, expect, it } from 'vitest';
import { findDate } from './dates.ts';
import { codeSpans, lastSentence, plainText } from './inline.ts';
import { placeholdersOf, prose } from './placeholders.ts';
import { findRange, findTime } from './times.ts';
import { variablesSet } from './variables.ts';

const inProse = (text: string) => placeholdersOf({ text, line: 7 }, prose).map((found) => found.text);
const inCommand = (text: string, ...set: string[]) =>
  placeholdersOf({ text, line: 7 }, { kind: 'command', set: new Set(set) }).map((found) => found.text);

describe('placeholders', () => {
  it('has the inner words as name', () => {
    expect(
      placeholdersOf({ text: 'x --id <failover-id> [List of things] {{ region }}', line: 7 }, prose),
    ).toEqual([
      { text: '<failover-id>', name: 'failover-id', line: 7 },
      { text: '[List of things]', name: 'List of things', line: 7 },
      { text: '{{ region }}', name: 'region', line: 7 },
    ]);
  });

  it('leaves markup, links and check boxes in prose', () => {
    expect(
      inProse('a<br>b <https://x.y> <me@x.org> <b>c</b> [ ] [x] [text](u) [text][ref] [^1] [!NOTE] [1]'),
    ).toEqual([]);
    expect(inProse('[DATE] #x-YYYYMMDD +1-XXX-XXX-XXXX +1-xxx-xxx-xxxx [your-region]')).toEqual([
      '[DATE]',
      'YYYYMMDD',
      '+1-XXX-XXX-XXXX',
      '+1-xxx-xxx-xxxx',
      '[your-region]',
    ]);
  });

  it('leaves redirections, tests, JSON and patterns in commands', () => {
    expect(inCommand('sort <in.txt >out.txt; diff <(a) <(b); cat <<EOF; a <b >c')).toEqual([]);
    expect(
      inCommand(`[ -f x ] && [[ $1 == y ]]; x -d '["A"]'; grep '[A-Z][0-9]' f; q "rate(x[5m])"`),
    ).toEqual([]);
    expect(inCommand('logs mcp-<cloud> --from [DATE] --to <end date>')).toEqual([
      '<cloud>',
      '[DATE]',
      '<end date>',
    ]);
  });

  it('takes only variables that nothing sets, defaults, quotations and the shell itself aside', () => {
    expect(inCommand(`a $X \${Y} \${Z:?missing}`)).toEqual(['$X', `\${Y}`, `\${Z:?missing}`]);
    expect(inCommand(`a $X \${Y:-1} '$Z' $HOME $? $1 \\$W "$V"`, 'X')).toEqual(['$V']);
  });

  it('takes Go templates for code', () => {
    expect(inCommand("docker ps --format '{{.Names}}' {{range .x}} {{name}}")).toEqual(['{{name}}']);
  });

  it('sees how a fence sets variables', () => {
    expect(
      [
        ...variablesSet([
          'A=1 cmd',
          'export B=2',
          'for C in x; do',
          'read -r D E',
          'mapfile -t F < f',
          'x && G=$(y)',
        ]),
      ].sort(),
    ).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G']);
    expect([...variablesSet(['x --name=y', 'a == b'])]).toEqual([]);
  });
});

describe('times', () => {
  it.each([
    ['15 minutes', 900_000],
    ['Outage exceeds 2 hours', 7_200_000],
    ['if customer impact > 30 minutes', 1_800_000],
    ['< 1 hour', 3_600_000],
    ['1 hour 30 minutes', 5_400_000],
    ['4h', 14_400_000],
    ['5-minute', 300_000],
    ['90 sec', 90_000],
  ])('reads %s', (text, ms) => expect(findTime(text)).toBe(ms));

  it.each(['soon', '24/7', 'v2 hours', '3 members', 'HTTP 500'])('finds none in %s', (text) =>
    expect(findTime(text)).toBeNull(),
  );

  it.each([
    ['0-2 minutes', 0, 120_000],
    ['If needed, 5-10 minutes', 300_000, 600_000],
    ['1–4 hours', 3_600_000, 14_400_000],
    ['30 sec - 2 min', 30_000, 120_000],
    ['T+5 to T+15 min', 300_000, 900_000],
  ])('reads the range %s', (text, fromMs, toMs) => expect(findRange(text)).toEqual({ fromMs, toMs }));

  it('takes no range backwards', () => expect(findRange('5-2 minutes')).toBeNull());
});

describe('dates', () => {
  it.each([
    ['2027-06-30', '2027-06-30'],
    ['30 June 2027', '2027-06-30'],
    ['June 30th, 2027', '2027-06-30'],
    ['30.06.2027', '2027-06-30'],
    ['6/30/2027', '2027-06-30'],
    ['06/07/2027', null],
    ['[DATE]', null],
    ['2027-02-30', null],
    ['Q3 2027', null],
  ])('reads %s as %s', (text, date) => expect(findDate(text)).toBe(date));
});

describe('inline Markdown', () => {
  it('leaves the words', () => {
    expect(plainText('**Bold** and _it_ `a_b*` [link](http://x) \\* <!-- x -->snake_case *x*')).toBe(
      'Bold and it a_b* link * snake_case x',
    );
    expect(lastSentence('One thing. Then run this:')).toBe('Then run this');
  });

  it('pairs backticks by length', () => {
    expect(codeSpans('`a` ``b ` c`` `d').map(({ text }) => text)).toEqual(['a', 'b ` c']);
  });
});
