import type { Address, Unstamped } from '../../environments/environment.ts';
import { createLedger } from '../../ledgers/index.ts';
import type { LedgerTarget, WriteId } from '../../ledgers/ledger.ts';
import type { MarkEvent, ReadIdsEvent, ReadWhy } from '../../timeline/events.ts';

export interface ReadBack {
  readonly target: LedgerTarget;
  /** Whose rows are read: a survivor, an isolated former primary, a standby. */
  readonly instance: Address;
  readonly why: ReadWhy;
  /** Names this read in the journal; unique in the run. */
  readonly read: string;
  /** Journals an event. Waited for, so that a slow disk slows the read down instead of filling the memory. */
  readonly emit: (event: Unstamped<MarkEvent | ReadIdsEvent>) => Promise<void>;
}

/** One journal line holds at most this many ranges. */
const rangesPerEvent = 500;

/** What has been read of one writer and not been journaled yet. */
interface Part {
  readonly writer: number;
  readonly ranges: [number, number][];
  readonly duplicates: number[];
}

/**
 * Reads every id that an instance holds and journals them as ranges, in bounded memory. A read that fails is journaled as
 * such: it proves nothing. @returns whether it was read to the end
 * @throws LedgerError when the target lacks what its kind needs, and what `emit` throws
 */
export async function readBack({ target, instance, why, read, emit }: ReadBack): Promise<boolean> {
  const ledger = target.name;
  const source = createLedger(target);
  await emit({ type: 'ledger.read', ledger, read, instance: instance.instance, why });
  try {
    let rows = 0;
    for await (const { ids, ...part } of inParts(source.readAll(instance))) {
      rows += ids;
      await emit({ type: 'ledger.ids', ledger, read, ...part });
    }
    await emit({ type: 'ledger.read-end', ledger, read, rows });
    return true;
  } catch (error) {
    await emit({ type: 'ledger.read-failed', ledger, read, message: (error as Error).message });
    return false;
  } finally {
    await source.close();
  }
}

/**
 * Ordered ids as ranges, a part per writer and some hundred ranges.
 * @throws Error when the ids are not in order: the ranges would lie
 */
export async function* inParts(ids: AsyncIterable<WriteId>): AsyncGenerator<{
  writer: number;
  ids: number;
  ranges: readonly (readonly [number, number])[];
  duplicates?: readonly number[];
}> {
  let part: Part | null = null;
  let count = 0;
  for await (const id of ids) {
    if (part !== null && (part.writer !== id.writer || isFull(part, id))) {
      if (id.writer < part.writer)
        throw new Error(`writer ${id.writer} came after writer ${part.writer}: the read is not in order`);
      yield closed(part, count);
      part = { writer: id.writer, ranges: [], duplicates: [] };
      count = 0;
    }
    part ??= { writer: id.writer, ranges: [], duplicates: [] };
    add(part, id.seq);
    count++;
  }
  if (part !== null) yield closed(part, count);
}

/** A part ends only before an id that would begin a range, so that a duplicate stands in the part of its first copy. */
function isFull({ ranges, duplicates }: Part, { seq }: WriteId): boolean {
  const last = ranges.at(-1)?.[1] ?? 0;
  return (
    seq > last && (ranges.length >= rangesPerEvent ? seq > last + 1 : duplicates.length >= rangesPerEvent)
  );
}

function add({ writer, ranges, duplicates }: Part, seq: number): void {
  const last = ranges.at(-1);
  if (last === undefined || seq > last[1] + 1) ranges.push([seq, seq]);
  else if (seq === last[1] + 1) last[1] = seq;
  else if (seq === last[1]) duplicates.push(seq);
  else throw new Error(`sequence ${seq} of writer ${writer} came after ${last[1]}: the read is not in order`);
}

function closed({ writer, ranges, duplicates }: Part, ids: number) {
  return { writer, ids, ranges, ...(duplicates.length > 0 && { duplicates }) };
}
