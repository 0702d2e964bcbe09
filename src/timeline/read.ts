import { TimelineBuilder } from './builder.ts';
import { decodeLine } from './codec.ts';
import { JournalError } from './journal-error.ts';
import type { Timeline } from './timeline.ts';

/** A line of this many characters is no journal line, and would only fill the memory. */
const longestLine = 64 * 1024 * 1024;

/**
 * Reads a journal as it streams in, in bounded memory beside the Timeline itself. A last line that was cut off
 * (a crash, a full disk) is left out and makes the Timeline `torn`; a line counts once its newline stands, which is
 * where one who continues the journal cuts it.
 * @throws JournalError, a sentence with the line number, for everything else that is no journal
 */
export async function readTimeline(chunks: AsyncIterable<Uint8Array | string>): Promise<Timeline> {
  const reader = new LineReader();
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
    const end = text.lastIndexOf('\n') + 1;
    reader.addLines(text.slice(0, end));
    rest = text.slice(end);
    if (rest.length > longestLine)
      throw new JournalError(`Line ${reader.line + 1} of the journal has no end: this is no journal.`);
  }
  return reader.finish(rest + decoder.decode() !== '');
}

class LineReader {
  line = 0;
  readonly #builder = new TimelineBuilder();
  /** The line before was no JSON: forgiven at the end of the journal, an error anywhere else. */
  #broken: JournalError | null = null;

  addLines(text: string): void {
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\n', at);
      this.#add(text.slice(at, end));
      at = end + 1;
    }
  }

  finish(cutOff: boolean): Timeline {
    try {
      return this.#builder.finish(cutOff || this.#broken !== null);
    } catch (cause) {
      throw new JournalError(
        this.#broken === null
          ? 'The journal is empty: its first line should be the plan. The run ended before it began.'
          : `${this.#broken.message} A journal begins with its plan.`,
        { cause },
      );
    }
  }

  #add(line: string): void {
    this.line++;
    if (line === '') return;
    if (this.#broken !== null) throw this.#broken;
    try {
      this.#builder.add(decodeLine(line));
    } catch (cause) {
      if (!(cause instanceof JournalError)) throw cause;
      const error = new JournalError(`Line ${this.line} of the journal cannot be read: ${cause.message}.`, {
        cause,
      });
      if (!(cause.cause instanceof SyntaxError)) throw error;
      this.#broken = error;
    }
  }
}
