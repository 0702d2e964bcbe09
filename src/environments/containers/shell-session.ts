import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MarkedStream } from '../toolbox/marked.ts';
import { type Ran, status } from '../toolbox/result.ts';
import type { Stop } from '../toolbox/stop.ts';
import type { ExecStream } from './exec-stream.ts';
import { oneLine } from './shell-scripts.ts';

/** How long what was written before an end may take to come. */
const flushMs = 1000;

export type Ending = 'SIGTERM' | 'SIGKILL';

/** A shell in a container and everything it started. Runs one request at a time; once ended, it stays so. */
export class ShellSession {
  readonly id: string;
  readonly #stream: ExecStream;
  readonly #stdout = new MarkedStream();
  readonly #stderr = new MarkedStream();
  readonly #gone: Promise<void>;
  #ended = false;
  #complaint = '';

  constructor(id: string, stream: ExecStream) {
    this.id = id;
    this.#stream = stream;
    stream.listen({
      stdout: (chunk) => this.#stdout.push(chunk),
      stderr: (chunk) => this.#stderr.push(chunk),
      raw: (chunk) => {
        this.#complaint = (this.#complaint + chunk.toString()).slice(0, 2000);
      },
    });
    this.#gone = stream.ended.then(() => this.#end());
  }

  /** Whether it takes another request. */
  get alive(): boolean {
    return !this.#ended;
  }

  /** What the engine said instead of starting a shell. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  /** Whether a shell answers before the stop. */
  async answers(stop: Stop): Promise<boolean> {
    const mark = randomUUID();
    const parts = Promise.all([this.#stdout.upTo(mark), this.#stderr.upTo(mark)]);
    this.#stream.write(`${mark}:types::\n`);
    const said = await Promise.race([parts, stop.told]);
    if (said !== null && said[0].rest !== null) return true;
    // Some engines put their own words where the program's output would be.
    if (said !== null) this.#complaint += said.map(({ output }) => output.read([]).text).join('');
    return false;
  }

  /**
   * What `type -t` says of each word, or `missing`.
   * @param words letters, digits and `._+-` only
   * @returns null when no answer came before the stop, or the shell ended
   */
  async types(words: readonly string[], stop: Stop): Promise<readonly string[] | null> {
    const mark = randomUUID();
    const answers = Promise.all([this.#stdout.answer(mark), this.#stderr.answer(mark)]);
    this.#stream.write(`${mark}:types:${words.join(' ')}\n`);
    const [answer] = (await Promise.race([answers, stop.told])) ?? [null];
    if (answer === null) return null;
    return answer.trim().split(' ');
  }

  /**
   * Runs a command's text.
   * @param end ends everything in the session; tells which signal that took, null when the container cannot be reached
   */
  async run(text: string, stop: Stop, end: () => Promise<Ending | null>): Promise<Ran> {
    const mark = randomUUID();
    const started = process.hrtime.bigint();
    const parts = Promise.all([this.#stdout.upTo(mark), this.#stderr.upTo(mark)]);
    this.#stream.write(`${mark}:run:${oneLine(text)}\n`);
    const inTime = await Promise.race([parts, stop.told]);
    const durationNs = Number(process.hrtime.bigint() - started);
    const ending = inTime === null ? await end() : null;
    if (inTime === null) await this.close();
    const [stdout, stderr] = await parts;
    const answer = inTime === null ? null : stdout.rest;
    const signal = inTime === null ? ending : answer === null ? 'SIGKILL' : null;
    return {
      exitCode: status(answer),
      signal,
      stopped: inTime === null,
      durationNs,
      stdout: stdout.output,
      stderr: stderr.output,
    };
  }

  /** Takes what is still on its way, and lets go: the supervisor in the container ends what is left there. */
  async close(): Promise<void> {
    await Promise.race([this.#gone, sleep(this.#ended ? 0 : flushMs, undefined, { ref: false })]);
    this.#stream.close();
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#stdout.end();
    this.#stderr.end();
  }
}
