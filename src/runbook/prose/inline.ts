/** A code span of a line: its content and where it stands. */
export interface CodeSpan {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Code spans by CommonMark's rule: a run of backticks up to the next run of the same length. */
export function codeSpans(text: string): CodeSpan[] {
  const spans: CodeSpan[] = [];
  const withoutPartner = new Set<number>();
  let at = text.indexOf('`');
  while (at >= 0) {
    const length = runLength(text, at);
    const close = withoutPartner.has(length) ? -1 : nextRun(text, at + length, length);
    if (close < 0) withoutPartner.add(length);
    else spans.push({ text: text.slice(at + length, close).trim(), from: at, to: close + length });
    at = text.indexOf('`', close < 0 ? at + length : close + length);
  }
  return spans;
}

function nextRun(text: string, from: number, length: number): number {
  let at = text.indexOf('`', from);
  while (at >= 0) {
    const found = runLength(text, at);
    if (found === length) return at;
    at = text.indexOf('`', at + found);
  }
  return -1;
}

function runLength(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 96) end++;
  return end - at;
}

const marks = /[`*_[\]<\\~&]/;

/** The words of inline Markdown: emphasis, links, images, comments and code marks removed. */
export function plainText(markdown: string): string {
  if (!marks.test(markdown)) return markdown.trim();
  let out = '';
  let at = 0;
  for (const span of codeSpans(markdown)) {
    out += withoutMarks(markdown.slice(at, span.from)) + span.text;
    at = span.to;
  }
  return (out + withoutMarks(markdown.slice(at))).trim();
}

function withoutMarks(text: string): string {
  if (!marks.test(text)) return text;
  return text
    .replace(/<!--.{0,300}?-->/g, '')
    .replace(/!?\[([^[\]]{1,500})\](?:\([^()]{0,1000}\)|\[[^[\]]{0,200}\])/g, '$1')
    .replace(/(?<![\w*\\])(\*\*\*|\*\*|\*|___|__|_|~~)(?=\S)([^\n]{1,200}?)(?<=\S)\1(?![\w*])/g, '$2')
    .replace(/<br\s{0,9}\/?>/gi, ' ')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => entities[name] ?? '');
}

const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/** Lines of a paragraph as one text, marks removed. */
export function joinedText(content: readonly { readonly text: string }[]): string {
  return plainText(content.map(({ text }) => text.trim().replace(/\\$/, '')).join(' '));
}

/** The last sentence, without the colon that leads over to what follows. */
export function lastSentence(text: string): string | null {
  const sentence =
    text
      .trim()
      .split(/(?<=[.!?])\s+(?=\p{Lu})/u)
      .at(-1) ?? '';
  return withoutColon(sentence) || null;
}

export function withoutColon(text: string): string {
  const words = text.trim();
  return words.endsWith(':') ? words.slice(0, -1).trimEnd() : words;
}
