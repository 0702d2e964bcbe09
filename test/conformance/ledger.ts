import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from '../../src/environments/environment.ts';
import { createLedger } from '../../src/ledgers/index.ts';
import { type Ledger, LedgerError, type LedgerTarget, type WriteId } from '../../src/ledgers/ledger.ts';

/** A real store. Every ledger must pass this. */
export interface LedgerSubject {
  readonly target: LedgerTarget;
  /** Like `target`, but nothing listens there. */
  readonly unreachable: LedgerTarget;
  /** Like `target`, but what is sent there is never answered. */
  readonly hung: LedgerTarget;
  stop(): Promise<void>;
}

const patienceMs = 20_000;

export function ledgerConformance(name: string, start: () => Promise<LedgerSubject>): void {
  describe(`ledger conformance: ${name}`, () => {
    let subject: LedgerSubject;
    let ledger: Ledger;
    beforeAll(async () => {
      subject = await start();
      ledger = createLedger(subject.target);
      await ledger.setUp();
      await ledger.setUp();
    }, 60_000);
    afterAll(async () => {
      await ledger?.close();
      await subject?.stop();
    });

    const write = (id: WriteId) => ledger.write(id, AbortSignal.timeout(patienceMs));
    const once = async (target: LedgerTarget, abort: AbortSignal) => {
      const other = createLedger(target);
      return await other.write({ writer: 0, seq: 1 }, abort).finally(() => other.close());
    };

    it('acknowledges writes and names the server that did', async () => {
      const ack = await write({ writer: 7, seq: 1 });
      expect(ack.outcome).toBe('acked');
      expect(ack.instance).toMatch(/^127\..*:\d+$/);
    });

    it('reads back exactly what was written, ordered by writer and sequence, duplicates twice', async () => {
      const ids = [
        { writer: 10, seq: 2 },
        { writer: 9, seq: 10 },
        { writer: 9, seq: 9 },
        { writer: 10, seq: 2 },
        { writer: 9, seq: 5000 },
      ];
      for (const id of ids) expect(await write(id)).toMatchObject({ outcome: 'acked' });
      const read = (await all(ledger.readAll(subject.target.address))).filter(({ writer }) => writer >= 9);
      expect(read.map(({ writer, seq }) => `${writer}-${seq}`)).toEqual([
        '9-9',
        '9-10',
        '9-5000',
        '10-2',
        '10-2',
      ]);
    });

    it('knows that a write which found no server was never sent', async () => {
      expect(await once(subject.unreachable, AbortSignal.timeout(patienceMs))).toMatchObject({
        outcome: 'failed',
        detail: 'ECONNREFUSED',
      });
    });

    it('does not claim to know what became of a write that was never answered', async () => {
      expect(await once(subject.hung, AbortSignal.timeout(1500))).toMatchObject({
        outcome: 'indeterminate',
        detail: 'timeout',
      });
    });

    it('goes on writing after an aborted write', async () => {
      await ledger.write({ writer: 20, seq: 1 }, AbortSignal.abort());
      expect(await write({ writer: 20, seq: 2 })).toMatchObject({ outcome: 'acked' });
    });

    it('throws rather than read a part', async () => {
      const gone: Address = { ...subject.unreachable.address };
      await expect(all(createLedger(subject.unreachable).readAll(gone))).rejects.toThrow(LedgerError);
    });
  });
}

async function all(ids: AsyncIterable<WriteId>): Promise<WriteId[]> {
  const read: WriteId[] = [];
  for await (const id of ids) read.push(id);
  return read;
}
