import { escapeMarkup } from '../untrusted.ts';

const markup = Symbol('markup');

/** Markup that may stand in a page as it is. Only `html` makes it, so everything else was escaped. */
export interface Html {
  readonly [markup]: string;
}

export type Content = Html | string | number | null | false | readonly Content[];

/**
 * HTML or SVG, every value escaped unless it is Html itself. Values may stand in text and in quoted attributes, nowhere
 * else: not in a tag's name, not in an unquoted attribute. `null` and `false` leave nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { [markup]: strings.map((text, index) => text + contentText(values[index] ?? null)).join('') };
}

/** Our own text (the style sheet), which must not be escaped. Never for anything that was read. */
export function verbatim(text: string): Html {
  return { [markup]: text };
}

export function htmlText(content: Html): string {
  return content[markup];
}

function contentText(content: Content): string {
  if (content === null || content === false) return '';
  if (typeof content === 'string') return escapeMarkup(content);
  if (typeof content === 'number') return String(content);
  return markup in content ? content[markup] : content.map(contentText).join('');
}
