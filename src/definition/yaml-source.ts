import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type DefinitionError, definitionError, type Position } from './definition-error.ts';
import { plainData } from './plain-data.ts';
import type { Path, Source } from './source.ts';

const largestCharacters = 1_000_000;

/** What the reader of YAML says by code, in words that tell what to do. */
const sentences: { readonly [code: string]: string } = {
  MULTIPLE_DOCS: 'a second document begins here ("---"); expected one document a file',
  DUPLICATE_KEY: 'this key stands twice in its mapping',
  TAB_AS_INDENT: 'a tab is used as indentation; YAML takes spaces only',
  BAD_ALIAS: 'an anchor or alias is not written as YAML wants it',
  BAD_INDENT: 'the indentation does not fit the lines around it',
  MISSING_CHAR:
    'a character is missing here: a closing quote or bracket, a comma, or the space after a colon',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping begins inside a value here; quote a value that has ": " in it',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines, or the colon after it is missing',
};

type Read = { readonly source: Source } | { readonly errors: readonly DefinitionError[] };

/** One YAML 1.2 document as plain data with positions. Never throws: whatever is wrong with the text is an error with its place. */
export function parseYaml(text: string, file: string): Read {
  const lines = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fail = (message: string) => ({ errors: [definitionError({ file, line: 1, column: 1 }, message)] });
  if (text.length > largestCharacters) {
    return fail(
      `the file has ${text.length} characters; the most a definition may have is ${largestCharacters}`,
    );
  }
  const document = readDocument(text, lines);
  if (document === null) return fail('the file is nested too deeply to be read');
  const faults = document.errors.length > 0 ? document.errors : document.warnings;
  if (faults.length > 0) {
    return {
      errors: firstOfEachLine(faults.map((fault) => definitionError(place(fault.pos[0]), sentenceOf(fault)))),
    };
  }
  if (document.directives?.yaml.version !== '1.2') {
    return fail('the file declares an older YAML version (%YAML); definitions are YAML 1.2');
  }
  return document.contents === null ? fail('the file is empty') : located(document, file, place);
}

function located(document: Document.Parsed, file: string, place: (offset: number) => Position): Read {
  const { data, problems, offsets } = plainData(document);
  if (problems.length > 0) {
    return { errors: problems.map(({ offset, message }) => definitionError(place(offset), message)) };
  }
  return { source: { file, data, at: (path, part) => place(offsetOf(offsets, path, part)) } };
}

/** The reader recurses, and reports that the stack is full as an error among others: null then. */
function readDocument(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    const document = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      version: '1.2',
      logLevel: 'error',
      uniqueKeys: true,
    });
    return document.errors.some(({ message }) => /call stack|stack overflow/i.test(message))
      ? null
      : document;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** After one slip the reader stumbles over the rest of the line. */
function firstOfEachLine(errors: readonly DefinitionError[]): readonly DefinitionError[] {
  return errors.filter(({ line }, i) => errors.findIndex((error) => error.line === line) === i);
}

function sentenceOf({ code, message }: YAMLError): string {
  return sentences[code] ?? `this is not valid YAML: ${message.replaceAll(/\s+/g, ' ')}`;
}

function offsetOf(
  offsets: ReadonlyMap<string, { readonly key: number; readonly value: number }>,
  path: Path,
  part: 'key' | 'value' = 'value',
): number {
  for (let length = path.length; length >= 0; length--) {
    const found = offsets.get(JSON.stringify(path.slice(0, length)));
    // Something that is missing is looked for where the mapping it belongs in begins.
    if (found !== undefined) return length < path.length || part === 'key' ? found.key : found.value;
  }
  return 0;
}
