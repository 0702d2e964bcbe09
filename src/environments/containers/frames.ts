const headerBytes = 8;

/** Where the parts of an engine's stream go. */
export interface FrameSink {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
  /** What is in no frame: an engine's own words, when it could not start the program. */
  raw(chunk: Buffer): void;
}

/**
 * Takes apart the stream of a container's program without a terminal: frames of a kind (1 byte: 1 = stdout, 2 = stderr),
 * 3 bytes of nothing, a length (4 bytes, big-endian) and that many bytes. Docker Engine API 1.41, "Attach to a container".
 */
export class Frames {
  readonly #sink: FrameSink;
  #header = Buffer.alloc(0);
  #kind = 0;
  /** Bytes of the frame that have yet to come. */
  #left = 0;
  #isRaw = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#left > 0 || this.#isRaw ? this.#body(rest) : this.#begin(rest);
  }

  #begin(chunk: Buffer): Buffer {
    const missing = headerBytes - this.#header.length;
    this.#header = Buffer.concat([this.#header, chunk.subarray(0, missing)]);
    const kind = this.#header[0] ?? 0;
    if (kind > 2) {
      this.#isRaw = true;
      this.#sink.raw(this.#header);
    } else if (this.#header.length === headerBytes) {
      this.#kind = kind;
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return chunk.subarray(missing);
  }

  #body(chunk: Buffer): Buffer {
    const part = this.#isRaw ? chunk : chunk.subarray(0, this.#left);
    this.#left = Math.max(0, this.#left - part.length);
    if (this.#isRaw) this.#sink.raw(part);
    else if (this.#kind === 2) this.#sink.stderr(part);
    else this.#sink.stdout(part);
    return chunk.subarray(part.length);
  }
}
