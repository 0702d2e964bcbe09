import type { DnsQuestion } from '../clients/dns.ts';
import type { LedgerSpec } from '../definition/observing.ts';
import type { Address } from '../environments/environment.ts';
import type { WriteOutcome } from '../timeline/events.ts';

/** Who wrote, and which write of theirs: the whole identity of a write. */
export interface WriteId {
  readonly writer: number;
  readonly seq: number;
}

/** Built from plain JSON inside the writers' thread by `createLedger(target)`. */
export interface Ledger {
  /** Makes whatever the ledger stores into (a table); called once, before the first write. Idempotent. */
  setUp(): Promise<void>;
  /** Sends one write. Never throws. */
  write(id: WriteId, abort: AbortSignal): Promise<Ack>;
  /**
   * Every id present on one instance, ordered by writer and sequence, streamed in bounded memory.
   * @throws when the instance cannot be read to the end: a partial read proves nothing
   */
  readAll(instance: Address): AsyncIterable<WriteId>;
  close(): Promise<void>;
}

export interface Ack {
  readonly outcome: WriteOutcome;
  readonly instance?: string;
  readonly timeLine?: number;
  readonly detail?: string;
}

export interface LedgerTarget {
  readonly name: string;
  readonly spec: LedgerSpec;
  readonly address: Address;
  readonly hosts: { readonly [name: string]: string };
  /** The DNS server that an `http` ledger with `dns` asks. */
  readonly dns?: DnsQuestion;
  /** An `http` or `queue` ledger speaks TLS, and trusts this CA (PEM). */
  readonly tls?: { readonly ca: string };
}

/** A ledger that cannot be built, set up or read to its end. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}
