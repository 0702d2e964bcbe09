const longest = 80;

/**
 * Text from a file as it may stand in a message: in quotes, on one line, shortened, and with every character escaped
 * that a terminal would obey or that would reorder the line.
 */
export function quote(text: string): string {
  const characters = [...text];
  const short = characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
  return JSON.stringify(short).replace(
    /[\p{Cf}\p{Cc}\u2028\u2029]/gu,
    (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`,
  );
}

/** `"a"`, `"a" or "b"`, `"a", "b" or "c"`; the first few of a long list. */
export function quoteList(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map(quote);
  if (names.length > most) return `${shown.join(', ')} and ${names.length - most} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}
