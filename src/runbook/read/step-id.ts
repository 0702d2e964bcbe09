/** What all steps of a section have in common in their ids. */
export interface SectionPrefix {
  readonly words: string;
  /** Hash of the heading path. */
  readonly hash: number;
}

/** Headings that name no subject: the one above them does. */
const generic =
  /^(?:\d+\W+)?(?:(?:automation|emergency|response|recovery|manual|useful|quick|other|the)\s+)*(?:steps?|commands?|procedures?|actions?|response|instructions?|runbook|checklist|details?)$/i;

export function sectionPrefix(path: readonly string[]): SectionPrefix {
  const subject = path.findLast((heading) => !generic.test(heading.trim())) ?? path.at(-1) ?? '';
  return { words: slug(subject, 6), hash: hashed(offsetBasis, path.join('\n')) };
}

/**
 * `database-failure.aws-rds-promote-read.1x8k2p0`: the section, the first words, and a hash of heading path, kind and
 * text. Titles and lines are no part of it, so an id survives whatever is reworded or inserted around the step.
 */
export function stepId({ words, hash }: SectionPrefix, kind: string, text: string): string {
  const own = kind === 'fence' ? 'fence' : slug(text, 4);
  const digits = (hashed(hashed(hash, kind), text) >>> 0).toString(36).padStart(7, '0');
  return [words, own, digits].filter((part) => part !== '').join('.');
}

const betweenWords = /[^a-z0-9\u00c0-\u1fff\u3040-\ud7ff-]+/;

/** Words are looked for in so many characters. */
const longestStart = 80;
/** What FNV-1a starts from. */
const offsetBasis = 0x811c9dc5;

/** The first `count` words that are neither options nor, in front, numbers. */
function slug(text: string, count: number): string {
  const found: string[] = [];
  for (const token of text.slice(0, longestStart).toLowerCase().split(betweenWords)) {
    if (token.startsWith('-')) continue;
    for (const word of token.split('-')) {
      if (word !== '' && (found.length > 0 || /\D/.test(word))) found.push(word);
    }
    if (found.length >= count) break;
  }
  return found.slice(0, count).join('-').slice(0, 48);
}

/** FNV-1a, 32 bits; white space counts as one blank, so that re-indenting a step changes nothing. */
function hashed(state: number, text: string): number {
  let hash = state;
  let blank = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isBlank = code === 32 || (code >= 9 && code <= 13);
    if (!isBlank || !blank) hash = Math.imul(hash ^ (isBlank ? 32 : code), 0x01000193);
    blank = isBlank;
  }
  return Math.imul(hash ^ 10, 0x01000193);
}
