import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { describe, expect, it } from 'vitest';
import { judged } from '../../test/reporters/judged.ts';
import { plan } from '../../test/reporters/plan.ts';
import { summaryMarkdown } from './summary.ts';

function parse(text: string) {
  return fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] }).children;
}

describe('summary.md', () => {
  it('opens with the verdict and its table', () => {
    const markdown = summaryMarkdown(judged());
    expect(markdown.split('\n')[0]).toBe('# database-primary-loss (async): ❌ fail');
    expect(parse(markdown).map((node) => node.type)).toEqual([
      'heading',
      'paragraph',
      'table',
      'table',
      'paragraph',
      'heading',
      'list',
      'heading',
      'paragraph',
      'table',
      'paragraph',
    ]);
    expect(markdown).toMatch(/^\| data \| ❌ fail \| .*lost 3 acknowledged writes/m);
    expect(markdown).toContain('**2.29–2.36 s**');
    expect(markdown).toContain(
      '| 157 | `restore-manager restore <backup-id>` | not run: nothing bound to \\<backup-id\\> |  |',
    );
  });

  it('keeps its shape whatever a definition, finding or command says', () => {
    const evil = '\n# x | <img src=a> `|` [l](http://e) **b** @all\n\n---\n| a |';
    const hostile = judged({
      plan: { ...plan, title: evil },
      findings: judged().findings.map((finding) => ({
        ...finding,
        message: evil,
        ...(finding.todo !== undefined && { todo: evil, where: evil }),
      })),
    });
    const types = (text: string) => parse(text).map((node) => node.type);
    const markdown = summaryMarkdown(hostile);
    expect(types(markdown)).toEqual(types(summaryMarkdown(judged())));
    const tables = parse(markdown).filter((node) => node.type === 'table');
    expect(tables[0]?.children.map((row) => row.children.length)).toEqual(new Array(7).fill(3));
    const nodes = everyNode(parse(markdown));
    expect(nodes.filter((node) => ['link', 'image'].includes(node.type))).toEqual([]);
    expect(nodes.filter((node) => node.type === 'html').map((node) => node.value)).toEqual([
      '<sub>',
      '</sub>',
    ]);
    expect(nodes.filter((node) => node.type === 'text' && node.value.includes('@all'))).toEqual([]);
  });
});

function everyNode(nodes: readonly Nodes[]): readonly Nodes[] {
  return nodes.flatMap((node) => [node, ...('children' in node ? everyNode(node.children) : [])]);
}
