import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Unstamped } from '../environments/environment.ts';
import { encodeEvent } from '../timeline/codec.ts';
import { type JournalEvent, syncedTypes } from '../timeline/events.ts';
import type { Clock } from './clock.ts';

/**
 * The journal cannot be written any more. What stands in it up to then is whole and readable.
 */
export class JournalWriteError extends Error {
  override readonly name = 'JournalWriteError';
}

/** Append-only NDJSON. Lines are written in the order of `emit`, the ones that matter are synced. */
export interface Journal {
  readonly file: string;
  /**
   * Stamps the event (unless it carries a time), appends it, and resolves once it is written, for synced types once it is durable.
   * @throws JournalWriteError when the disk is full or the file is gone
   */
  emit(event: Unstamped<JournalEvent> | JournalEvent): Promise<void>;
  /** Appends events that are stamped already, without waiting: slots and writes. */
  append(events: readonly JournalEvent[]): void;
  /** Aborts, with a JournalWriteError, the first time something could not be written. Later lines are still tried. */
  readonly failure: AbortSignal;
  /** Everything is stamped and handed to this as well: the live display. */
  onEvent(listener: (event: JournalEvent) => void): void;
  close(): Promise<void>;
}

/** Kept free so that the end of a run (heals, clean-up) can still be journaled when the disk has filled up. */
const ballastBytes = 512 * 1024;

/** How long unsynced lines may wait for company; a crash loses at most this much of what was observed. */
const gatherMs = 20;

interface Waiting {
  readonly sync: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** @throws JournalWriteError when the file exists already or the folder cannot be written */
export async function openJournal(file: string, clock: Clock): Promise<Journal> {
  try {
    const handle = await open(file, 'ax');
    await writeBallast(`${file}.reserve`);
    return new JournalWriter(file, handle, 0, clock);
  } catch (error) {
    throw new JournalWriteError(`cannot create the journal ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Continues a journal of an earlier process, cutting off a torn last line at `wholeBytes`. */
export async function reopenJournal(file: string, wholeBytes: number, clock: Clock): Promise<Journal> {
  const handle = await open(file, 'r+');
  await handle.truncate(wholeBytes);
  return new JournalWriter(file, handle, wholeBytes, clock);
}

async function writeBallast(file: string): Promise<void> {
  const ballast = await open(file, 'w');
  try {
    await ballast.writeFile(Buffer.alloc(ballastBytes, 0x20));
  } finally {
    await ballast.close();
  }
}

class JournalWriter implements Journal {
  readonly file: string;
  #failure = new AbortController();
  #handle: FileHandle;
  #clock: Clock;
  /** End of the last whole line. */
  #position: number;
  #lines: string[] = [];
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;
  #listeners: ((event: JournalEvent) => void)[] = [];

  constructor(file: string, handle: FileHandle, position: number, clock: Clock) {
    this.file = file;
    this.#handle = handle;
    this.#position = position;
    this.#clock = clock;
  }

  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  onEvent(listener: (event: JournalEvent) => void): void {
    this.#listeners.push(listener);
  }

  emit(event: Unstamped<JournalEvent> | JournalEvent): Promise<void> {
    const stamped = { atNs: this.#clock.nowNs(), ...event } as JournalEvent;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sync: syncedTypes.has(stamped.type), resolve, reject });
      this.#add(stamped);
      void this.#flush();
    });
  }

  append(events: readonly JournalEvent[]): void {
    // What room there is left after a failure belongs to the heals and the end of the run.
    if (this.#failure.signal.aborted) return;
    for (const event of events) this.#add(event);
    this.#timer ??= setTimeout(() => void this.#flush(), gatherMs);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer ?? undefined);
    while (this.#lines.length > 0 || this.#flushing !== null) await this.#flush();
    await this.#handle.close();
    await rm(`${this.file}.reserve`, { force: true });
  }

  #add(event: JournalEvent): void {
    this.#lines.push(encodeEvent(event));
    for (const listener of this.#listeners) listener(event);
  }

  #flush(): Promise<void> {
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = null;
      // A line that came after the loop had looked for the last time.
      if (this.#lines.length > 0) void this.#flush();
    });
    return this.#flushing;
  }

  async #flushAll(): Promise<void> {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    while (this.#lines.length > 0) {
      const text = `${this.#lines.join('\n')}\n`;
      const waiting = this.#waiting;
      this.#lines = [];
      this.#waiting = [];
      try {
        await this.#write(Buffer.from(text));
        if (waiting.some(({ sync }) => sync)) await this.#handle.datasync();
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        const reason = new JournalWriteError(
          `the journal ${this.file} cannot be written: ${(error as Error).message}`,
          { cause: error },
        );
        for (const { reject } of waiting) reject(reason);
        this.#failure.abort(reason);
      }
    }
  }

  /** Whole lines or nothing: what a full disk took of a line is cut off again, and the ballast is let go for what comes next. */
  async #write(bytes: Buffer): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await this.#handle.write(
          bytes,
          written,
          bytes.length - written,
          this.#position + written,
        );
        written += bytesWritten;
      }
      this.#position += bytes.length;
    } catch (error) {
      const whole = bytes.lastIndexOf(0x0a, written - 1) + 1;
      this.#position += written === 0 ? 0 : whole;
      await this.#handle.truncate(this.#position);
      await rm(`${this.file}.reserve`, { force: true });
      throw error;
    }
  }
}
