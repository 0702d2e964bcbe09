import { Capture } from './capture.ts';

/** What a mark was found behind. */
export interface Part {
  /** Written since the mark before. */
  readonly output: Capture;
  /** What follows the mark in its line; null when the stream ended without it. */
  readonly rest: string | null;
}

interface Awaited {
  readonly mark: Buffer;
  found(rest: string | null): void;
}

/** A stream that many commands write to, cut apart by lines that begin with a mark, which whoever writes cannot know. */
export class MarkedStream {
  #capture = new Capture();
  #awaited: Awaited | null = null;
  /** Bytes that may be the beginning of the mark's line. */
  #held = Buffer.alloc(0);
  #ended = false;

  push(chunk: Buffer): void {
    if (this.#awaited === null) this.#capture.add(chunk);
    else
      this.#search(this.#awaited.mark, this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]));
  }

  /** Everything before the mark. @param mark must be new; one at a time */
  upTo(mark: string): Promise<Part> {
    return this.#await(mark, (rest) => {
      const output = this.#capture;
      this.#capture = new Capture();
      return { output, rest };
    });
  }

  /** What follows the mark in its line, while the output before it stays for later. */
  answer(mark: string): Promise<string | null> {
    return this.#await(mark, (rest) => rest);
  }

  /** Nothing more will come. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#capture.add(this.#held);
    this.#found(null);
  }

  #await<T>(mark: string, found: (rest: string | null) => T): Promise<T> {
    return new Promise((resolve) => {
      this.#awaited = { mark: Buffer.from(mark), found: (rest) => resolve(found(rest)) };
      if (this.#ended) this.#found(null);
    });
  }

  #search(mark: Buffer, joined: Buffer): void {
    const at = joined.indexOf(mark);
    const from = at === -1 ? Math.max(0, joined.length - mark.length + 1) : at;
    const lineEnd = at === -1 ? -1 : joined.indexOf('\n', at + mark.length);
    this.#capture.add(joined.subarray(0, from));
    this.#held = Buffer.from(joined.subarray(from));
    if (lineEnd === -1) return;
    this.#found(joined.toString('utf8', at + mark.length, lineEnd));
    this.#capture.add(joined.subarray(lineEnd + 1));
  }

  #found(rest: string | null): void {
    const awaited = this.#awaited;
    this.#awaited = null;
    this.#held = Buffer.alloc(0);
    awaited?.found(rest);
  }
}
