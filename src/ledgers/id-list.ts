import type { WriteId } from './ledger.ts';

/** The text of a write's id where an API takes text. */
export function formatId({ writer, seq }: WriteId): string {
  return `${writer}-${seq}`;
}

/** @returns null for an id that no ledger wrote: an API may hold other things, too */
export function parseId(text: string): WriteId | null {
  const match = /^(\d{1,9})-(\d{1,15})$/.exec(text.trim());
  return match === null ? null : { writer: Number(match[1]), seq: Number(match[2]) };
}

/** No entry of a list is longer. */
const longestEntry = 64 * 1024;

/**
 * The entries of a list of ids that arrives in pieces: one a line, or a JSON array of strings. Keeps one entry at most.
 * @throws Error when it is neither, or a JSON array has no end
 */
export async function* listEntries(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let next: ((text: string) => Taken) | null = null;
  for await (const piece of pieces) {
    rest += piece;
    if (next === null && rest.trim() === '') continue;
    next ??= readerFor(rest.trimStart());
    const taken = next(rest);
    yield* taken.entries;
    rest = taken.rest;
    if (rest.length > longestEntry) throw new Error(`an entry is longer than ${longestEntry} characters`);
  }
  if (next === takeStrings) {
    if (rest.trim() !== ']') throw new Error('the JSON array has no end');
  } else if (rest.trim() !== '') yield rest.trim();
}

interface Taken {
  readonly entries: readonly string[];
  readonly rest: string;
}

function readerFor(text: string): (text: string) => Taken {
  if (/^[<{"]/.test(text)) throw new Error('it is neither one id a line nor a JSON array of strings');
  return text.startsWith('[') ? takeStrings : takeLines;
}

function takeLines(text: string): Taken {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  return { entries: lines.map((line) => line.trim()).filter((line) => line !== ''), rest };
}

/** A string of a JSON array with the bracket or comma before it. */
const arrayString = /\s*[[,]\s*("(?:[^"\\]|\\.)*")(?=\s*[,\]])/y;
const emptyArray = /^\s*\[\s*\]/;

function takeStrings(text: string): Taken {
  const entries: string[] = [];
  arrayString.lastIndex = 0;
  let end = 0;
  for (let match = arrayString.exec(text); match !== null; match = arrayString.exec(text)) {
    entries.push(JSON.parse(match[1] ?? '""') as string);
    end = arrayString.lastIndex;
  }
  if (end === 0 && emptyArray.test(text)) return { entries, rest: text.replace(emptyArray, ']') };
  const rest = text.slice(end);
  if (/^\s*[[,]\s*[^\s"\]]/.test(rest)) throw new Error('the JSON array holds something that is no string');
  return { entries, rest };
}
