import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Capture } from './capture.ts';
import { MarkedStream } from './marked.ts';

/**
 * One output of a session: a FIFO that all of its commands write to. (A pipe made by spawn is a socket pair, and
 * `/dev/stdout` cannot be opened on one.) drillbook holds its other end open too, so it can write a mark behind whatever
 * a command has written: all output up to there is that command's, though background processes keep the FIFO open.
 */
export class Output {
  readonly #socket: Socket;
  readonly #stream = new MarkedStream();

  constructor(fifo: string) {
    const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      this.#socket = new Socket({ fd, readable: true, writable: true });
    } catch (cause) {
      closeSync(fd);
      throw cause;
    }
    this.#socket.on('data', (chunk: Buffer) => this.#stream.push(chunk));
    this.#socket.on('error', () => this.#stream.end());
  }

  /** Everything written since the last call; `mark` must be new, and unknown to whoever writes. */
  async upTo(mark: string): Promise<Capture> {
    const part = this.#stream.upTo(mark);
    if (this.#socket.destroyed) this.#stream.end();
    else this.#socket.write(`${mark}\n`);
    return (await part).output;
  }

  close(): void {
    this.#socket.destroy();
    this.#stream.end();
  }
}
