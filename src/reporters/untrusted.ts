import { stripVTControlCharacters } from 'node:util';

/**
 * Text of runbooks, definitions and command output, made fit to be shown anywhere: no escape sequences, no control
 * characters but line feed and tab, no characters that reorder the line they stand in, no lone surrogates.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text.replace(/\r\n?/g, '\n'))
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}|\p{Noncharacter_Code_Point}/gu, '');
}

/** The same on one line, runs of white space joined. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** At most `length` characters (code points), cut in the middle of nothing: the end is marked by an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and quoted attributes, of HTML as of XML 1.0 (which has no way to write a control character at all). */
export function escapeMarkup(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** One line of Markdown that reads as the text did, also in a table's cell: nothing in it links, mentions or formats. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_[\]<>|~#&!$^]/g, '\\$&')
      .replace(/^([-+=]|\d+(?=[.)](\s|$)))/, '$1\u200b')
      // Backslashes do not keep forges from linking these: a space of no width does.
      .replace(/(@|#|:(?=\/\/)|\bwww(?=\.))(?=\S)/gi, '$1\u200b')
  );
}

/** A code span, fenced by more backticks than the text has in a row. In a table its bars have to be escaped as well. */
export function markdownCode(text: string): string {
  const line = oneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
