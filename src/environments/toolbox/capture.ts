import { type Span, secretFinder, withoutSpans } from './redact.ts';

/** What of a stream is kept at each end, in bytes. */
export const keptBytes = 32 * 1024;
/** Read beyond the cuts, to recognise a secret that lies across one. */
const slackBytes = 32 * 1024;

export interface Captured {
  readonly text: string;
  /** Bytes left out in the middle. */
  readonly truncatedBytes: number;
}

/** The first and the last part of a stream, in constant memory. */
export class Capture {
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  readonly #tail: Buffer[] = [];
  #tailBytes = 0;
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = Math.max(0, keptBytes + slackBytes - this.#headBytes);
    if (room > 0) {
      // A copy: a slice would keep the whole block alive that the stream read into.
      this.#head.push(Buffer.from(chunk.subarray(0, room)));
      this.#headBytes += Math.min(room, chunk.length);
    }
    if (chunk.length > room) this.#addToTail(chunk.subarray(room));
  }

  #addToTail(chunk: Buffer): void {
    const part = Buffer.from(chunk.subarray(Math.max(0, chunk.length - keptBytes - slackBytes)));
    this.#tail.push(part);
    this.#tailBytes += part.length;
    for (
      let first = this.#tail[0];
      first !== undefined && this.#tailBytes - first.length >= keptBytes + slackBytes;
      first = this.#tail[0]
    ) {
      this.#tailBytes -= first.length;
      this.#tail.shift();
    }
  }

  /** As text without secrets. */
  read(secrets: readonly string[]): Captured {
    // Bytes as characters, so that offsets agree; secrets in the same terms.
    const find = secretFinder(secrets.map((secret) => Buffer.from(secret).toString('latin1')));
    const head = Buffer.concat(this.#head).toString('latin1');
    const tail = Buffer.concat(this.#tail).toString('latin1');
    if (this.#bytes <= 2 * keptBytes)
      return { text: decode(head + tail, find, { from: 0, to: this.#bytes }), truncatedBytes: 0 };
    const truncatedBytes = this.#bytes - 2 * keptBytes;
    // A short stream's tail needs what was read into the head.
    const end = head.length + tail.length === this.#bytes ? head + tail : tail;
    const first = decode(head, find, { from: 0, to: keptBytes });
    const last = decode(end, find, { from: end.length - keptBytes, to: end.length });
    return { text: `${first}\n… ${truncatedBytes} bytes left out …\n${last}`, truncatedBytes };
  }
}

function decode(bytes: string, find: (text: string) => readonly Span[], part: Span): string {
  return Buffer.from(withoutSpans(bytes, find(bytes), part), 'latin1').toString('utf8');
}
