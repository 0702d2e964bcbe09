/** How the lines look that begin a block. Each takes the line from its first visible character on. */

export interface FenceStart {
  readonly char: string;
  readonly length: number;
  readonly info: string;
}

export interface MarkerStart {
  readonly ordered: boolean;
  /** `-`, `*`, `+`, `.` or `)`: another one begins another list. */
  readonly kind: string;
  readonly width: number;
  readonly number: number;
}

export function fenceStart(content: string): FenceStart | null {
  const match = /^(`{3,}|~{3,})(.*)$/.exec(content);
  if (match === null) return null;
  const [, mark = '', info = ''] = match;
  if (mark.startsWith('`') && info.includes('`')) return null;
  return { char: mark.charAt(0), length: mark.length, info: info.trim() };
}

export function closesFence(content: string, fence: FenceStart): boolean {
  const text = content.trimEnd();
  if (text.length < fence.length) return false;
  for (const char of text) if (char !== fence.char) return false;
  return true;
}

export function markerStart(content: string): MarkerStart | null {
  const match = /^(?:([-+*])|(\d{1,9})([.)]))(?=[ \t]|$)/.exec(content);
  if (match === null) return null;
  const [all, bullet, digits, delimiter] = match;
  return bullet !== undefined
    ? { ordered: false, kind: bullet, width: 1, number: 0 }
    : { ordered: true, kind: delimiter ?? '.', width: all.length, number: Number(digits) };
}

/** An empty item, or a numbered one that does not start at 1, does not end a paragraph above it (CommonMark 5.2). */
export function cannotInterrupt(content: string, marker: MarkerStart): boolean {
  return content.slice(marker.width).trim() === '' || (marker.ordered && marker.number !== 1);
}

export function atxHeading(content: string): { level: number; text: string } | null {
  const marks = /^#{1,6}(?=[ \t]|$)/.exec(content)?.[0];
  if (marks === undefined) return null;
  const text = content.slice(marks.length).trim();
  const closing = /(^|[ \t])#+$/.exec(text);
  return { level: marks.length, text: closing === null ? text : text.slice(0, closing.index).trimEnd() };
}

export function setextLevel(content: string): 1 | 2 | null {
  const text = content.trimEnd();
  if (/^=+$/.test(text)) return 1;
  return /^-+$/.test(text) ? 2 : null;
}

export function isBreak(content: string): boolean {
  const first = content.charAt(0);
  if (first !== '-' && first !== '*' && first !== '_') return false;
  let marks = 0;
  for (const char of content) {
    if (char === first) marks++;
    else if (char !== ' ' && char !== '\t') return false;
  }
  return marks >= 3;
}

const htmlStarts: readonly { readonly start: RegExp; readonly end: RegExp | null }[] = [
  { start: /^<(?:script|pre|style|textarea)(?:[\s>]|$)/i, end: /<\/(?:script|pre|style|textarea)>/i },
  { start: /^<!--/, end: /-->/ },
  { start: /^<\?/, end: /\?>/ },
  { start: /^<![a-z]/i, end: />/ },
  { start: /^<!\[CDATA\[/, end: /\]\]>/ },
  {
    start:
      /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|\/?>|$)/i,
    end: null,
  },
];

/** A raw HTML block: `end` is what closes it, null = a blank line. */
export function htmlStart(content: string): { readonly end: RegExp | null } | null {
  if (!content.startsWith('<')) return null;
  return htmlStarts.find(({ start }) => start.test(content)) ?? null;
}
