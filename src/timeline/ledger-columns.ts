import { Bitmap, bytes, floats, indexes } from './columns.ts';
import type {
  MarkEvent,
  Ns,
  ReadIdsEvent,
  ReadWhy,
  ReserveEvent,
  WriteEvent,
  WriteOutcome,
} from './events.ts';
import { JournalError } from './journal-error.ts';
import type { LedgerHistory, LedgerRead, WriterHistory } from './timeline.ts';

const outcomes: readonly (WriteOutcome | null)[] = [null, 'acked', 'failed', 'indeterminate'];
const codes = { acked: 1, failed: 2, indeterminate: 3 } as const satisfies Record<WriteOutcome, number>;

/** Phantoms and duplicates are named, not collected without end. */
export const namedAtMost = 10_000;

interface Server {
  readonly instance: string | null;
  readonly timeLine: number | null;
}

/** Servers that acknowledged, each kept once. A writer stays on one for long, so the last one is tried first. */
class Servers {
  readonly #known: Server[] = [{ instance: null, timeLine: null }];
  #last = 0;

  index(instance: string | null, timeLine: number | null): number {
    const isIt = (server: Server | undefined) =>
      server?.instance === instance && server.timeLine === timeLine;
    if (isIt(this.#known[this.#last])) return this.#last;
    const found = this.#known.findIndex(isIt);
    this.#last = found === -1 ? this.#known.push({ instance, timeLine }) - 1 : found;
    return this.#last;
  }

  at(index: number): Server {
    return this.#known[index] as Server;
  }
}

class WriterColumns implements WriterHistory {
  readonly writer: number;
  reserved = 0;
  /** The ledger stopped in order: what has no outcome was never sent. */
  stopped = false;
  readonly #servers: Servers;
  readonly #outcome = bytes();
  readonly #sentNs = floats();
  readonly #endNs = floats();
  readonly #server = indexes();

  constructor(writer: number, servers: Servers) {
    this.writer = writer;
    this.#servers = servers;
  }

  record(event: WriteEvent): void {
    if (event.seq < 1 || event.seq > this.reserved) {
      throw new JournalError(
        `write ${event.seq} of writer ${event.writer} (ledger "${event.ledger}") was never reserved`,
      );
    }
    this.#outcome.set(event.seq, codes[event.outcome]);
    this.#sentNs.set(event.seq, event.sentNs);
    this.#endNs.set(event.seq, event.endNs);
    this.#server.set(event.seq, this.#servers.index(event.instance ?? null, event.timeLine ?? null));
  }

  outcome(seq: number): WriteOutcome | 'unsent' {
    const known = outcomes[this.#outcome.get(seq)];
    if (known) return known;
    return this.stopped || seq < 1 || seq > this.reserved ? 'unsent' : 'indeterminate';
  }

  endNs(seq: number): Ns | null {
    return this.#outcome.get(seq) === 0 ? null : this.#endNs.get(seq);
  }

  sentNs(seq: number): Ns | null {
    return this.#outcome.get(seq) === 0 ? null : this.#sentNs.get(seq);
  }

  instance(seq: number): string | null {
    return this.#servers.at(this.#server.get(seq)).instance;
  }

  timeLine(seq: number): number | null {
    return this.#servers.at(this.#server.get(seq)).timeLine;
  }
}

type ReadStarted = Extract<MarkEvent, { type: 'ledger.read' }>;
interface Id {
  readonly writer: number;
  readonly seq: number;
}

class ReadBitmap implements LedgerRead {
  readonly read: string;
  readonly instance: string;
  readonly why: ReadWhy;
  readonly startNs: Ns;
  complete = false;
  rows = 0;
  readonly phantoms: Id[] = [];
  readonly duplicates: Id[] = [];
  readonly #present = new Map<number, Bitmap>();

  constructor(started: ReadStarted) {
    this.read = started.read;
    this.instance = started.instance;
    this.why = started.why;
    this.startNs = started.atNs;
  }

  has(writer: number, seq: number): boolean {
    return this.#present.get(writer)?.has(seq) ?? false;
  }

  /** `reserved` sequence numbers of this writer were announced; what lies beyond is a phantom. */
  record({ writer, ranges, duplicates = [] }: ReadIdsEvent, reserved: number): void {
    let present = this.#present.get(writer);
    if (present === undefined) {
      present = new Bitmap();
      this.#present.set(writer, present);
    }
    for (const [from, to] of ranges) {
      for (let seq = Math.max(1, from); seq <= Math.min(to, reserved); seq++) present.add(seq);
      this.#name(this.phantoms, writer, from, Math.min(to, 0));
      this.#name(this.phantoms, writer, Math.max(from, reserved + 1), to);
    }
    for (const seq of duplicates) this.#name(this.duplicates, writer, seq, seq);
  }

  #name(ids: Id[], writer: number, from: number, to: number): void {
    for (let seq = from; seq <= to && ids.length < namedAtMost; seq++) ids.push({ writer, seq });
  }
}

/** Everything that became of one ledger's writes: about 21 bytes a write, and a bit for each read that found it. */
export class LedgerColumns implements LedgerHistory {
  readonly ledger: string;
  readonly #servers = new Servers();
  readonly #writers = new Map<number, WriterColumns>();
  readonly #reads = new Map<string, ReadBitmap>();

  constructor(ledger: string) {
    this.ledger = ledger;
  }

  get writers(): readonly WriterHistory[] {
    return [...this.#writers.values()];
  }

  get reads(): readonly LedgerRead[] {
    return [...this.#reads.values()];
  }

  reserve({ writer, from, to }: ReserveEvent): void {
    const columns = this.#writers.get(writer) ?? new WriterColumns(writer, this.#servers);
    if (from !== columns.reserved + 1 || to < from) {
      throw new JournalError(
        `writer ${writer} of ledger "${this.ledger}" reserved ${from} … ${to} after ${columns.reserved}: blocks follow each other without a gap`,
      );
    }
    columns.reserved = to;
    this.#writers.set(writer, columns);
  }

  write(event: WriteEvent): void {
    const writer = this.#writers.get(event.writer);
    if (writer === undefined)
      throw new JournalError(`writer ${event.writer} of ledger "${this.ledger}" wrote before it reserved`);
    writer.record(event);
  }

  stop(): void {
    for (const writer of this.#writers.values()) writer.stopped = true;
  }

  startRead(event: ReadStarted): void {
    this.#reads.set(event.read, new ReadBitmap(event));
  }

  readIds(event: ReadIdsEvent): void {
    this.#read(event.read).record(event, this.#writers.get(event.writer)?.reserved ?? 0);
  }

  endRead(read: string, rows: number): void {
    const ended = this.#read(read);
    ended.complete = true;
    ended.rows = rows;
  }

  #read(read: string): ReadBitmap {
    const found = this.#reads.get(read);
    if (found === undefined)
      throw new JournalError(`read "${read}" of ledger "${this.ledger}" has no beginning`);
    return found;
  }
}
