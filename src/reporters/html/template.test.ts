import { describe, expect, it } from 'vitest';
import { html, htmlText, verbatim } from './template.ts';

describe('html', () => {
  it('escapes every value but Html', () => {
    const inner = html`<b>${'<i>'}</b>`;
    expect(htmlText(html`<a title="${'"x" & y'}">${inner}${['<', 1, null, false]}</a>`)).toBe(
      '<a title="&quot;x&quot; &amp; y"><b>&lt;i&gt;</b>&lt;1</a>',
    );
  });

  it('takes no look-alike for Html', () => {
    const forged = JSON.parse('["<script>"]') as string[];
    expect(htmlText(html`${forged}`)).toBe('&lt;script&gt;');
  });

  it('keeps our own text as it is', () => {
    expect(htmlText(html`<style>${verbatim('a > b {}')}</style>`)).toBe('<style>a > b {}</style>');
  });
});
