import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { Capture } from './capture.ts';

/**
 * One output of a session: a FIFO that all of its commands write to. (A pipe made by spawn is a socket pair, and
 * `/dev/stdout` cannot be opened on one.) drillbook holds its other end open too, so it can write a mark behind whatever
 * a command has written: all output up to there is that command's, though background processes keep the FIFO open.
 */
export class Output {
  readonly #socket: Socket;
  #capture = new Capture();
  #mark: { readonly bytes: Buffer; readonly seen: () => void } | null = null;
  /** Bytes that may be the beginning of the mark. */
  #held = Buffer.alloc(0);

  constructor(fifo: string) {
    const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      this.#socket = new Socket({ fd, readable: true, writable: true });
    } catch (cause) {
      closeSync(fd);
      throw cause;
    }
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', () => this.#finish());
  }

  /** Everything written since the last call; `mark` must be new, and unknown to whoever writes. */
  async upTo(mark: string): Promise<Capture> {
    const bytes = Buffer.from(mark);
    await new Promise<void>((seen) => {
      this.#mark = { bytes, seen };
      if (this.#socket.destroyed) this.#finish();
      else this.#socket.write(bytes);
    });
    const capture = this.#capture;
    this.#capture = new Capture();
    this.#release();
    return capture;
  }

  close(): void {
    this.#socket.destroy();
    this.#release();
    this.#finish();
  }

  #release(): void {
    this.#capture.add(this.#held);
    this.#held = Buffer.alloc(0);
  }

  #read(chunk: Buffer): void {
    if (this.#mark === null) {
      this.#capture.add(chunk);
      return;
    }
    const { bytes } = this.#mark;
    const joined = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const at = joined.indexOf(bytes);
    const sure = at === -1 ? Math.max(0, joined.length - bytes.length + 1) : at;
    this.#capture.add(joined.subarray(0, sure));
    this.#held = Buffer.from(joined.subarray(at === -1 ? sure : at + bytes.length));
    if (at !== -1) this.#finish();
  }

  #finish(): void {
    const mark = this.#mark;
    this.#mark = null;
    mark?.seen();
  }
}
