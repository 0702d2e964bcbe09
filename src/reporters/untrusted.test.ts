import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown, escapeMarkup, markdownCode, oneLine, plainText, shortened } from './untrusted.ts';

const hostile = fc.string({ unit: 'binary', maxLength: 60 });

describe('plainText', () => {
  it('strips colours, titles, hyperlinks and cursor movements', () => {
    const bell = String.fromCharCode(7);
    const esc = String.fromCharCode(27);
    expect(plainText(`${esc}[31mred${esc}[0m ${esc}]0;title${bell}text${esc}[2J`)).toBe('red text');
  });

  it('keeps line feeds and tabs, turns carriage returns into line feeds', () => {
    expect(plainText('10%\r20%\r\n\tdone\n')).toBe('10%\n20%\n\tdone\n');
  });

  it('removes characters that reorder a line', () => {
    expect(plainText('rm \u202e/tmp\u2066')).toBe('rm /tmp');
  });

  it('leaves no control character, lone surrogate or noncharacter of any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const plain = plainText(text);
        expect(plain.isWellFormed()).toBe(true);
        expect(plain.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Noncharacter_Code_Point}]/u);
      }),
    );
  });

  it('keeps a lone surrogate visible as a replacement character', () => {
    expect(plainText('a\ud800b\uffffc')).toBe('a\ufffdbc');
  });
});

describe('oneLine and shortened', () => {
  it('joins lines', () => {
    expect(oneLine(' a\n  b\tc ')).toBe('a b c');
  });

  it('cuts by characters, not by code units', () => {
    expect(shortened('😀😀😀', 2)).toBe('😀…');
    expect(shortened('abc', 3)).toBe('abc');
  });
});

describe('escapeMarkup', () => {
  it('leaves nothing that opens a tag, an entity or leaves an attribute', () => {
    expect(escapeMarkup(`<a href="x" title='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;',
    );
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeMarkup(text)).not.toMatch(/[<>"']|&(?![a-z#0-9]+;)/);
      }),
    );
  });
});

describe('escapeMarkdown', () => {
  it('keeps bars, emphasis, links, mentions and references from acting', () => {
    const escaped = escapeMarkdown('a|b *c* [d](http://e) @team #12 <img src=x> www.f.g');
    expect(escaped).toContain('a\\|b \\*c\\* \\[d\\](http:\u200b//e) @\u200bteam \\#\u200b12 \\<img');
    expect(escaped).toContain('www\u200b.f.g');
  });

  it('reads back as one paragraph of one text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { children } = fromMarkdown(escapeMarkdown(text));
        if (oneLine(text) === '') return;
        expect(children).toHaveLength(1);
        const paragraph = children[0];
        expect(paragraph?.type).toBe('paragraph');
        if (paragraph?.type !== 'paragraph') return;
        expect(paragraph.children.map((child) => child.type)).toEqual(['text']);
        const shown = paragraph.children.map((child) => ('value' in child ? child.value : '')).join('');
        expect(shown.replaceAll('\u200b', '')).toBe(oneLine(text).replaceAll('\u200b', ''));
      }),
    );
  });
});

describe('markdownCode', () => {
  it('holds any command', () => {
    expect(markdownCode('a | b')).toBe('`a | b`');
    expect(markdownCode('echo `date`')).toBe('`` echo `date` ``');
    fc.assert(
      fc.property(hostile, (text) => {
        const { children } = fromMarkdown(`x ${markdownCode(text)} y`);
        const paragraph = children[0];
        if (paragraph?.type !== 'paragraph') throw new Error('no paragraph');
        expect(paragraph.children.map((child) => child.type)).toEqual(['text', 'inlineCode', 'text']);
      }),
    );
  });
});
