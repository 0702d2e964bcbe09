/** A part of a text, from (inclusive) to (exclusive). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const mask = '[redacted]';
/** Shorter values are found in ordinary text too often. */
const shortestSecret = 6;

/**
 * Shapes of secrets, known whatever their value; the first group is what is hidden, or all of it.
 * Every repetition is bounded or cannot overlap with its neighbour: output is untrusted, and must not cost more than linear time.
 * Key ids: AWS IAM user guide, "Unique identifiers". Tokens: RFC 6750, RFC 7519. User information in URLs: RFC 3986, 3.2.1.
 */
const shapes: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:aws_secret_access_key|aws_session_token|secretaccesskey|sessiontoken)["']?[ \t]{0,8}[=:][ \t]{0,8}["']?([^\s"',]{1,4096})/gi,
  /\bbearer[ \t]{1,8}([\w.~+/=-]{1,4096})/gi,
  /\beyJ[\w-]{4,4096}\.[\w-]{2,4096}\.[\w-]{0,4096}/g,
  /:\/\/[^\s/:@]{0,256}:([^\s/@]{1,512})@/g,
  /\b(?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH)=("[^"]{1,512}"|'[^']{1,512}'|[^\s;&|]{1,512})/g,
  /-----BEGIN [A-Z ]{0,64}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,64}PRIVATE KEY-----|$)/g,
];
const keyEnd = /-----END [A-Z ]{0,64}PRIVATE KEY-----/;
const keyBegin = /-----BEGIN [A-Z ]{0,64}PRIVATE KEY-----/;

/** Finds secrets: the exact values given (those of 6 characters and more) and text that has the shape of one. */
export function secretFinder(secrets: readonly string[]): (text: string) => readonly Span[] {
  // Longest first: one secret may be the beginning of another.
  const values = [...new Set(secrets)]
    .filter(({ length }) => length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    merge([
      ...values.flatMap((value) => occurrences(text, value)),
      ...shapes.flatMap((shape) => matches(text, shape)),
      ...cutKey(text),
    ]);
}

/** A text without its secrets. */
export function redact(text: string, secrets: readonly string[]): string {
  return withoutSpans(text, secretFinder(secrets)(text), { from: 0, to: text.length });
}

/** The part of a text with every span that touches it masked whole, so that a cut never leaves half a secret. */
export function withoutSpans(text: string, spans: readonly Span[], part: Span): string {
  const pieces: string[] = [];
  let at = part.from;
  for (const { from, to } of spans) {
    if (to <= part.from || from >= part.to) continue;
    pieces.push(text.slice(at, Math.max(at, from)), mask);
    at = Math.min(to, part.to);
  }
  return pieces.join('') + text.slice(at, part.to);
}

function occurrences(text: string, value: string): readonly Span[] {
  const spans: Span[] = [];
  for (let from = text.indexOf(value); from !== -1; from = text.indexOf(value, from + 1))
    spans.push({ from, to: from + value.length });
  return spans;
}

function matches(text: string, shape: RegExp): readonly Span[] {
  return [...text.matchAll(shape)].map((match) => {
    const hidden = match[1] ?? match[0];
    const from = match.index + match[0].lastIndexOf(hidden);
    return { from, to: from + hidden.length };
  });
}

/** A private key whose beginning was cut off. */
function cutKey(text: string): readonly Span[] {
  const end = keyEnd.exec(text);
  if (end === null) return [];
  const begin = keyBegin.exec(text);
  return begin === null || begin.index > end.index ? [{ from: 0, to: end.index + end[0].length }] : [];
}

function merge(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || span.from > last.to) merged.push(span);
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return merged;
}
