import { type DefinitionError, definitionError } from './definition-error.ts';

/** What a reader found at a path: anything may stand there. */
export type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  /** There, but not to be read: a folder, no permission, too large. */
  | { readonly kind: 'unreadable'; readonly reason: string };

const lineFeed = 0x0a;

/** The text of a file, or why it has none, with the line of the first byte that is no text. */
export function decodeText(
  file: string,
  content: FileContent,
): { readonly text: string } | { readonly errors: readonly DefinitionError[] } {
  const fail = (message: string, line = 1) => ({
    errors: [definitionError({ file, line, column: 1 }, message)],
  });
  if (content.kind === 'missing') return fail('there is no such file', 0);
  if (content.kind === 'unreadable') return fail(`the file cannot be read: ${content.reason}`, 0);
  const { bytes } = content;
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    return fail('the file is binary (it has a NUL byte); expected UTF-8 text', lineOf(bytes, nul));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.trim() === '' ? fail('the file is empty') : { text };
  } catch {
    return fail('the file is not UTF-8; save it as UTF-8 text', firstBrokenLine(bytes));
  }
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++) if (bytes[i] === lineFeed) line++;
  return line;
}

/** No character of UTF-8 has a line feed inside it, so each line can be tried on its own. */
function firstBrokenLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let from = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(lineFeed, from);
    try {
      decoder.decode(bytes.subarray(from, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) return line;
    from = end + 1;
  }
}
