import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestServer } from '../../test/conformance/postgres-server.ts';
import type { Address } from '../environments/environment.ts';
import { createLedger } from './index.ts';
import type { Ack, Ledger, WriteId } from './ledger.ts';

let server: TestServer;
let admin: Client;
let ledger: Ledger;

async function connectTo(address: Address): Promise<Client> {
  const { user, password, database } = address.database ?? {};
  const client = new Client({ host: address.host, port: address.port, user, password, database });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const ledgerAt = (address: Address) =>
  createLedger({ name: 'orders', spec: { kind: 'postgres', role: 'database' }, address, hosts: {} });
const write = (id: WriteId, ms = 20_000): Promise<Ack> => ledger.write(id, AbortSignal.timeout(ms));

beforeAll(async () => {
  server = await startPostgres();
  admin = await connectTo(server.address());
  ledger = ledgerAt(server.address());
  await ledger.setUp();
});
afterAll(async () => {
  await ledger?.close();
  await admin?.end();
  await server?.stop();
});

describe('an acknowledgement', () => {
  it('names the server and its time line', async () => {
    expect(await write({ writer: 1, seq: 1 })).toEqual({
      outcome: 'acked',
      instance: `${server.host}:${server.port}`,
      timeLine: 1,
    });
  });

  it('is refused for good by an error that undid the write', async () => {
    await admin.query('ALTER TABLE drillbook_ledger ADD CONSTRAINT small CHECK (seq < 1000) NOT VALID');
    expect(await write({ writer: 1, seq: 5000 })).toEqual({ outcome: 'failed', detail: '23514' });
    await admin.query('ALTER TABLE drillbook_ledger DROP CONSTRAINT small');
  });
});

/** The commit stands locally and waits for a replica that does not exist. */
describe('a write that waits for a synchronous replica', () => {
  beforeAll(() => synchronous('nobody'));
  afterAll(() => synchronous(''));

  async function synchronous(names: string): Promise<void> {
    await admin.query(`SET synchronous_commit = local`);
    await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
    await admin.query('SELECT pg_reload_conf()');
    for (let set = ''; set !== names || names === ''; await sleep(20)) {
      const probe = await connectTo(server.address());
      set = (await probe.query('SHOW synchronous_standby_names')).rows[0].synchronous_standby_names;
      await probe.end();
      if (set === names) return;
    }
  }

  async function whileWaiting(act: string): Promise<void> {
    for (;;) {
      const { rows } = await admin.query(
        `SELECT ${act}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`,
      );
      if (rows.length > 0) return;
      await sleep(20);
    }
  }

  it.each([
    ['is cancelled', 'pg_cancel_backend', 'warning 01000'],
    ['loses its server process', 'pg_terminate_backend', /^(warning 01000|57P01|connection lost)$/],
  ])('is indeterminate when it %s', async (_, act, detail) => {
    const [ack] = await Promise.all([write({ writer: 2, seq: 1 }), whileWaiting(act)]);
    expect(ack.outcome).toBe('indeterminate');
    expect(ack.detail).toMatch(detail);
  });

  it('is indeterminate when its time is up', async () => {
    expect(await write({ writer: 2, seq: 2 }, 300)).toMatchObject({
      outcome: 'indeterminate',
      detail: 'timeout',
    });
  });
});

describe('reading back', () => {
  it('streams many rows in order, over TCP and over the Unix socket alone', async () => {
    await admin.query(
      'INSERT INTO drillbook_ledger (writer, seq) SELECT 50, n FROM generate_series(1, 12000) n ORDER BY random()',
    );
    for (const host of [server.host, server.home]) {
      let seq = 0;
      for await (const id of ledger.readAll({ ...server.address(), host })) {
        if (id.writer === 50) expect(id.seq).toBe(++seq);
      }
      expect(seq).toBe(12_000);
    }
  });

  it('throws when the server goes away in the midst of it', async () => {
    const read = async () => {
      for await (const _ of ledger.readAll(server.address()))
        await admin.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT writer%'",
        );
    };
    await expect(read()).rejects.toThrow('could not be read to the end');
  });
});
