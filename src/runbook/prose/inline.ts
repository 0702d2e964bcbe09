/** A code span of a line: its content and where it stands. */
export interface CodeSpan {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Code spans by CommonMark's rule: a run of backticks up to the next run of the same length. One pass. */
export function codeSpans(text: string): CodeSpan[] {
  if (!text.includes('`')) return [];
  const spans: CodeSpan[] = [];
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }));
  const nextOfLength = new Map<number, number>();
  const partner = new Array<number | undefined>(runs.length);
  for (let i = runs.length - 1; i >= 0; i--) {
    const length = runs[i]?.length ?? 0;
    partner[i] = nextOfLength.get(length);
    nextOfLength.set(length, i);
  }
  for (let i = 0; i < runs.length; i++) {
    const close = partner[i];
    const from = runs[i];
    const to = close === undefined ? undefined : runs[close];
    if (close === undefined || from === undefined || to === undefined) continue;
    const inner = text.slice(from.at + from.length, to.at);
    spans.push({ text: inner.trim(), from: from.at, to: to.at + to.length });
    i = close;
  }
  return spans;
}

/** The words of inline Markdown: emphasis, links, images, comments and code marks removed. */
export function plainText(markdown: string): string {
  if (!/[`*_[\]<\\~&]/.test(markdown)) return markdown.trim();
  let out = '';
  let at = 0;
  for (const span of codeSpans(markdown)) {
    out += withoutMarks(markdown.slice(at, span.from)) + span.text;
    at = span.to;
  }
  return (out + withoutMarks(markdown.slice(at))).trim();
}

function withoutMarks(text: string): string {
  return text
    .replace(/<!--.{0,2000}?-->/g, '')
    .replace(/!?\[([^[\]]{1,500})\](?:\([^()]{0,1000}\)|\[[^[\]]{0,200}\])/g, '$1')
    .replace(/(?<![\w*\\])(\*\*\*|\*\*|\*|___|__|_|~~)(?=\S)([^\n]{1,1000}?)(?<=\S)\1(?![\w*])/g, '$2')
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
  const sentence = text
    .trim()
    .split(/(?<=[.!?])\s+(?=\p{Lu})/u)
    .at(-1);
  const words = sentence?.replace(/\s*:\s*$/, '').trim();
  return words === undefined || words === '' ? null : words;
}
