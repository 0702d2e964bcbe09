import fc from 'fast-check';
import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmTable } from 'micromark-extension-gfm-table';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import { describe, expect, it } from 'vitest';
import type { Block } from './block.ts';
import { readBlocks } from './read.ts';

const kinds = (text: string) => readBlocks(text).map(({ type }) => type);

describe('blocks', () => {
  it('keeps the lines of nested fences and takes the list indentation off', () => {
    const [list] = readBlocks('1. Look:\n\n   ```bash\n   kubectl get pods \\\n     -A\n   ```\n2. Next\n');
    expect(list).toMatchObject({ type: 'list', ordered: true, lines: { from: 1, to: 7 } });
    const item = list?.type === 'list' ? list.items[0] : undefined;
    expect(item?.blocks[1]).toEqual({
      type: 'fence',
      info: 'bash',
      content: [
        { text: 'kubectl get pods \\', line: 4 },
        { text: '  -A', line: 5 },
      ],
      lines: { from: 3, to: 6 },
    });
  });

  it('takes check boxes off, also behind numbers', () => {
    const [list] = readBlocks('1. [ ] open\n2. [x] done\n3. [DATE] neither\n');
    const items = list?.type === 'list' ? list.items : [];
    expect(items.map(({ checked }) => checked)).toEqual([false, true, null]);
    expect(items[0]?.blocks[0]).toMatchObject({ content: [{ text: 'open', line: 1 }] });
  });

  it('reads tables, with escaped pipes', () => {
    expect(readBlocks('| a | b |\n|---|:-:|\n| 1 \\| 2 | 3 |\n')).toEqual([
      {
        type: 'table',
        header: ['a', 'b'],
        rows: [{ cells: ['1 | 2', '3'], line: 3 }],
        lines: { from: 1, to: 3 },
      },
    ]);
  });

  it('reads front matter only at the top and only where it is closed', () => {
    expect(kinds('---\nowner: x\n---\n# a')).toEqual(['front-matter', 'heading']);
    expect(kinds('---\nowner: x\n')).toEqual(['break', 'paragraph']);
  });

  it('ends an unclosed fence with the document, a byte order mark and any line ends aside', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(readBlocks(['\uFEFF# a', '~~~ sh', 'ls', '```', '# b'].join(end))).toEqual([
        { type: 'heading', level: 1, text: 'a', lines: { from: 1, to: 1 } },
        {
          type: 'fence',
          info: 'sh',
          content: [
            { text: 'ls', line: 3 },
            { text: '```', line: 4 },
            { text: '# b', line: 5 },
          ],
          lines: { from: 2, to: 5 },
        },
      ]);
    }
  });

  it('finds the fence behind <details> without a blank line', () => {
    expect(kinds('<details><summary>x</summary>\n```bash\nls\n```\n</details>\n')).toEqual([
      'html',
      'fence',
      'html',
    ]);
  });

  it('bounds nesting, so that nobody who walks the tree runs out of stack', () => {
    expect(depthOf(readBlocks(`${'>'.repeat(100_000)} x\n${'- '.repeat(100_000)}y`))).toBeLessThan(40);
  });
});

describe('the reference implementation agrees', () => {
  const indent = fc.constantFrom('', '', '', ' ', '  ', '   ', '    ', '     ', '\t');
  const start = fc.constantFrom(
    '',
    '',
    '- ',
    '* ',
    '1. ',
    '1) ',
    '- [ ] ',
    '> ',
    '-   ',
    '-\t',
    '> - ',
    '1.  - ',
  );
  const words = fc.constantFrom(
    'words',
    '```',
    '```bash',
    '~~~',
    '# h',
    '## h #',
    '---',
    '===',
    '***',
    '<!-- c -->',
    '| a | b |',
    '|---|---|',
    'a\\',
    '',
    '$ ls -l',
    '`x`',
    '<div>',
    '#x',
  );
  // Empty items are left out: the reference reads some of them against the specification.
  const line = fc
    .tuple(indent, start, words)
    .map(([space, mark, text]) => (text === '' ? '' : space + mark + text));
  const document = fc
    .array(fc.oneof(line, line, fc.constant('')), { maxLength: 14 })
    .map((lines) => lines.join('\n'));

  it('on every block and every line, for documents of all kinds', () => {
    fc.assert(
      fc.property(document, (text) => {
        fc.pre(!/<div>(?:\n.*\S.*)*\n.*(?:```|~~~)/.test(text));
        expect(joined(readBlocks(text).flatMap(ours))).toEqual(
          joined(reference(text).children.flatMap(theirs)),
        );
      }),
      { numRuns: 1000, seed: 20270630 },
    );
  });
});

type Shape = readonly (string | number | boolean | null | Shape)[];

function ours(block: Block): Shape[] {
  const { from, to } = block.lines;
  if (block.type === 'list') {
    const items = block.items.map(({ checked, lines, blocks }) => [
      'item',
      lines.from,
      checked,
      ...blocks.flatMap(ours),
    ]);
    return [['list', block.ordered, from, ...items]];
  }
  if (block.type === 'quote') return [['quote', from, ...block.blocks.flatMap(ours)]];
  if (block.type === 'heading') return [['heading', block.level, from, to]];
  if (block.type === 'fence' || block.type === 'code')
    return [['code', from, ...visible(block.content.map(({ text }) => text))]];
  if (block.type === 'table') return [['table', block.header.length, block.rows.length, from, to]];
  return [[block.type, from, to]];
}

function theirs(node: Nodes): Shape[] {
  const from = node.position?.start.line ?? 0;
  const to = node.position?.end.line ?? 0;
  switch (node.type) {
    case 'list':
      return [['list', node.ordered === true, from, ...node.children.flatMap(theirs)]];
    case 'listItem':
      return [['item', from, node.checked ?? null, ...node.children.flatMap(theirs)]];
    case 'blockquote':
      return [['quote', from, ...node.children.flatMap(theirs)]];
    case 'heading':
      return [['heading', node.depth, from, to]];
    case 'code':
      return [['code', from, ...visible(node.value.split('\n'))]];
    case 'table':
      return [['table', node.children[0]?.children.length ?? 0, node.children.length - 1, from, to]];
    case 'thematicBreak':
      return [['break', from, to]];
    default:
      return [[node.type, from, to]];
  }
}

/** Indented code next to indented code is one block; the reference splits it where tabs meet spaces. */
function joined(shapes: readonly Shape[]): Shape[] {
  const out: Shape[] = [];
  for (const shape of shapes) {
    const last = out.at(-1);
    if (shape[0] === 'code' && last?.[0] === 'code') out[out.length - 1] = [...last, ...shape.slice(2)];
    else
      out.push(
        shape.some(isShape)
          ? [...shape.filter((part) => !isShape(part)), ...joined(shape.filter(isShape))]
          : shape,
      );
  }
  return out;
}

function isShape(part: Shape[number]): part is Shape {
  return Array.isArray(part);
}

function visible(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== '');
}

function reference(text: string): Root {
  return fromMarkdown(text, {
    extensions: [gfmTable(), gfmTaskListItem()],
    mdastExtensions: [gfmTableFromMarkdown(), gfmTaskListItemFromMarkdown()],
  });
}

function depthOf(blocks: readonly Block[]): number {
  const inner = blocks.map((block) => {
    if (block.type === 'quote') return depthOf(block.blocks);
    return block.type === 'list' ? Math.max(...block.items.map((item) => depthOf(item.blocks))) : 0;
  });
  return 1 + Math.max(0, ...inner);
}
