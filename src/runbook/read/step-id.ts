/** What all steps of a section have in common in their ids. */
export interface SectionPrefix {
  readonly words: string;
  readonly state: HashState;
}

/** Headings that name no subject: the one above them does. */
const generic =
  /^(?:\d+\W+)?(?:(?:automation|emergency|response|recovery|manual|useful|quick|other|the)\s+)*(?:steps?|commands?|procedures?|actions?|response|instructions?|runbook|checklist|details?)$/i;

export function sectionPrefix(path: readonly string[]): SectionPrefix {
  const subject = path.findLast((heading) => !generic.test(heading.trim())) ?? path.at(-1) ?? '';
  return { words: slug(subject, 6), state: hashed(start, path.join('\n')) };
}

/**
 * `database-failure.aws-rds-promote-read.1x8k2p0`: the section, the first words, and a hash of heading path, kind and
 * text. Titles and lines are no part of it, so an id survives whatever is reworded or inserted around the step.
 */
export function stepId({ words, state }: SectionPrefix, kind: string, text: string): string {
  const own = kind === 'fence' ? 'fence' : slug(text, 4);
  const parts = [words, own, digits(hashed(hashed(state, kind), text))];
  return parts.filter((part) => part !== '').join('.');
}

const betweenWords = /[^a-z0-9\u00c0-\u1fff\u3040-\ud7ff-]+/;

/** The first `count` words that are neither options nor, in front, numbers. */
function slug(text: string, count: number): string {
  const found: string[] = [];
  for (const token of text.slice(0, 160).toLowerCase().split(betweenWords)) {
    if (token.startsWith('-')) continue;
    for (const word of token.split('-')) {
      if (word !== '' && (found.length > 0 || /\D/.test(word))) found.push(word);
    }
    if (found.length >= count) break;
  }
  return found.slice(0, count).join('-').slice(0, 48);
}

type HashState = readonly [number, number];
const start: HashState = [0x811c9dc5, 0x01000193];

/** Two FNV-1a hashes of 32 bits side by side; white space counts as one blank, so that re-indenting changes nothing. */
function hashed([left, right]: HashState, text: string): HashState {
  let low = left;
  let high = right;
  let blank = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isBlank = code === 32 || (code >= 9 && code <= 13);
    if (isBlank && blank) continue;
    blank = isBlank;
    const unit = isBlank ? 32 : code;
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return [Math.imul(low ^ 10, 0x01000193), Math.imul(high ^ 10, 0x85ebca6b)];
}

/** Seven base-36 digits. */
function digits([low, high]: HashState): string {
  const value = (high >>> 20) * 2 ** 32 + (low >>> 0);
  return (value % 36 ** 7).toString(36).padStart(7, '0');
}
