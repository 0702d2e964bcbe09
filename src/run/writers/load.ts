import type { Ack, Ledger } from '../../ledgers/ledger.ts';
import type { Ns, WriteEvent } from '../../timeline/events.ts';
import type { Time } from '../time.ts';

/** Inclusive sequence numbers of one writer. */
export interface Block {
  readonly writer: number;
  readonly from: number;
  readonly to: number;
}

export interface LedgerLoad {
  readonly name: string;
  readonly ledger: Ledger;
  readonly writers: number;
  /** Over all writers. */
  readonly ratePerSecond: number;
  readonly deadlineMs: number;
  readonly time: Time;
  readonly report: (write: WriteEvent) => void;
  /** Resolves when the block stands in the journal: nothing of it is sent before. */
  readonly reserve: (block: Block) => Promise<void>;
}

interface Writer {
  readonly writer: number;
  nextSeq: number;
  /** Sequence numbers up to this one may be sent. */
  reservedTo: number;
  reserving: boolean;
  /** The write under way. */
  open: { readonly done: Promise<void>; readonly abort: AbortController } | null;
  /** After a write that was not acknowledged a writer waits a moment, as an application would before it connects again. */
  notBeforeNs: Ns;
}

const blockSize = 1000;
const backOffNs = 100e6;

/**
 * Writes on a schedule: the writers take turns, and a turn comes whatever the writes before it do. A writer has one
 * write open at a time, on its own connection, as a worker of an application has; a turn that finds it busy, backing
 * off or without reserved numbers is passed over and counted. Sequence numbers have no gaps: only a write that is sent
 * takes one.
 */
export class WriteSchedule {
  readonly #it: LedgerLoad;
  readonly #writers: readonly Writer[];
  #t0Ns: Ns = 0;
  #turn = 0;
  #missed = 0;
  #stopped = false;
  #cancelWake: () => void = () => {};

  constructor(it: LedgerLoad) {
    this.#it = it;
    this.#writers = Array.from({ length: it.writers }, (_, writer) => ({
      writer,
      nextSeq: 1,
      reservedTo: 0,
      reserving: false,
      open: null,
      notBeforeNs: 0,
    }));
  }

  /** Resolves when every writer has its first block and the first turn is about to come. @throws what `reserve` throws */
  async start(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => this.#reserve(writer)));
    this.#t0Ns = this.#it.time.nowNs();
    this.#wake();
  }

  /**
   * Sends nothing more and waits for the open writes, each until its deadline, or `withinMs` if that is sooner; what is
   * open then is aborted. @returns how many turns were passed over
   */
  async stop(withinMs = Number.POSITIVE_INFINITY): Promise<number> {
    this.#stopped = true;
    this.#cancelWake();
    const open = this.#writers.flatMap((writer) => writer.open ?? []);
    const cut = () => {
      for (const { abort } of open) abort.abort();
    };
    const { time } = this.#it;
    const cancel = Number.isFinite(withinMs) ? time.wakeAt(time.nowNs() + withinMs * 1e6, cut) : () => {};
    await Promise.all(open.map(({ done }) => done));
    cancel();
    return this.#missed;
  }

  #wake(): void {
    if (this.#stopped) return;
    const nowNs = this.#it.time.nowNs();
    while (this.#turnNs(this.#turn) <= nowNs) this.#take(this.#turn++, nowNs);
    this.#cancelWake = this.#it.time.wakeAt(this.#turnNs(this.#turn), () => this.#wake());
  }

  #turnNs(turn: number): Ns {
    return this.#t0Ns + (turn * 1e9) / this.#it.ratePerSecond;
  }

  #take(turn: number, nowNs: Ns): void {
    const writer = this.#writers[turn % this.#writers.length];
    if (
      writer === undefined ||
      writer.open !== null ||
      nowNs < writer.notBeforeNs ||
      writer.nextSeq > writer.reservedTo
    ) {
      this.#missed++;
      return;
    }
    const abort = new AbortController();
    writer.open = { abort, done: this.#write(writer, writer.nextSeq++, abort) };
    const remaining = writer.reservedTo - writer.nextSeq;
    if (remaining < blockSize / 2) void this.#reserve(writer).catch(() => undefined);
  }

  /** A block that is refused is not asked for again: the writer ends with the numbers it has, and its turns are missed. */
  async #reserve(writer: Writer): Promise<void> {
    if (writer.reserving) return;
    writer.reserving = true;
    const block = { writer: writer.writer, from: writer.reservedTo + 1, to: writer.reservedTo + blockSize };
    await this.#it.reserve(block);
    writer.reservedTo = block.to;
    writer.reserving = false;
  }

  async #write(writer: Writer, seq: number, abort: AbortController): Promise<void> {
    const { ledger, time, name, deadlineMs, report } = this.#it;
    const sentNs = time.nowNs();
    const cancel = time.wakeAt(sentNs + deadlineMs * 1e6, () => abort.abort());
    const ack = await ledger.write({ writer: writer.writer, seq }, abort.signal).catch(unknowable);
    cancel();
    const endNs = time.nowNs();
    report({ type: 'write', atNs: endNs, ledger: name, writer: writer.writer, seq, sentNs, endNs, ...ack });
    if (ack.outcome !== 'acked') writer.notBeforeNs = endNs + backOffNs;
    writer.open = null;
  }
}

function unknowable(error: unknown): Ack {
  return { outcome: 'indeterminate', detail: error instanceof Error ? error.message : String(error) };
}
