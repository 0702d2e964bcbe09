import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rpo } from '../../src/checkers/rpo.ts';
import { createLedger } from '../../src/ledgers/index.ts';
import type { Ack, Ledger, WriteId } from '../../src/ledgers/ledger.ts';
import { createProbe } from '../../src/probes/index.ts';
import { startWriters } from '../../src/run/writers/index.ts';
import type { WriteEvent } from '../../src/timeline/events.ts';
import { mark, planOf, readOf, runMarks, timelineOf, writesOf } from '../../src/timeline/testing.ts';
import { engineAvailable } from './engine.ts';
import {
  type Pair,
  type RedisLedger,
  type RedisProbe,
  redisLedger,
  redisProbe,
  startPair,
} from './redis-group.ts';
import { answering, type TestRedis } from './redis-server.ts';

const patienceMs = 20_000;

const write = (ledger: Ledger, id: WriteId, ms = patienceMs): Promise<Ack> =>
  ledger.write(id, AbortSignal.timeout(ms));

async function seqsIn(ledger: Ledger, at: TestRedis): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of ledger.readAll(at.address())) seqs.push(seq);
  return seqs;
}

/** The statuses that the checker of data gives these writes and this read of the survivor. */
function judged(acks: readonly Ack[], present: readonly number[]): string[] {
  const started = mark(0, { type: 'ledger.started', ledger: 'orders', writers: 1, ratePerSecond: 10 });
  const plan = planOf({ ledgers: { orders: { kind: 'redis', role: 'cache' } } });
  const timeline = timelineOf(plan, [...runMarks(), started, ...writesOf(acks), ...readOf(present)]);
  return rpo.check(timeline, plan).map(({ rule, status, message }) => `${rule}: ${status}: ${message}`);
}

describe.runIf(engineAvailable)('a primary with a replica', () => {
  let pair: Pair;
  let ledger: Ledger;
  const open = async (more: RedisLedger = {}) => {
    await ledger?.close();
    ledger = createLedger(redisLedger(pair.address, more));
    await ledger.setUp();
  };
  beforeAll(async () => {
    pair = await startPair();
  });
  afterAll(async () => {
    await ledger?.close();
    await pair?.group.stop();
  });

  it('has acknowledged what the replica has, when that is waited for', async () => {
    await open({ wait: 1, 'wait-timeout': 5000 });
    const instance = `${pair.primary.host}:${pair.primary.port}`;
    expect(await write(ledger, { writer: 0, seq: 1 })).toEqual({ outcome: 'acked', instance, timeLine: 1 });
    expect(await seqsIn(ledger, pair.replica)).toEqual([1]);
  });

  it('leaves a write open that a frozen replica has not confirmed, and acknowledges it where nobody asked for that', async () => {
    await open({ wait: 1, 'wait-timeout': 500 });
    await write(ledger, { writer: 0, seq: 1 });
    await pair.replica.pause();
    expect(await write(ledger, { writer: 0, seq: 2 })).toMatchObject({
      outcome: 'indeterminate',
      detail: 'WAIT 0 of 1',
      timeLine: 1,
    });
    expect(await write(ledger, { writer: 0, seq: 3 }, 200)).toMatchObject({
      outcome: 'indeterminate',
      detail: 'timeout',
    });
    const careless = createLedger(redisLedger(pair.primary.address()));
    expect(await write(careless, { writer: 0, seq: 4 })).toMatchObject({ outcome: 'acked' });
    await careless.close();
    await pair.replica.unpause();
    expect(await seqsIn(ledger, pair.primary)).toEqual([1, 2, 3, 4]);
  });

  it('observes the lag of a replica, and says when there is none', async () => {
    const look = async (spec: RedisProbe, at = pair.primary) => {
      const probe = createProbe(redisProbe(at.address(), spec));
      return await probe.observe(0, AbortSignal.timeout(patienceMs)).finally(() => probe.close());
    };
    const lag = { field: 'master_repl_offset', minus: 'slave0.offset' };
    expect(await look({ field: 'role' })).toEqual({ ok: true, text: 'master' });
    expect(await look({ command: ['INFO', 'replication'], field: 'connected_slaves' })).toEqual({
      ok: true,
      text: '1',
      value: 1,
    });
    expect(await look(lag)).toEqual({ ok: true, value: expect.any(Number) });
    expect(await look(lag, pair.replica)).toEqual({ ok: false, detail: 'no field slave0.offset' });
    expect(await look({ field: 'role', minus: 'slave0.offset' })).toEqual({
      ok: false,
      detail: 'no numbers to subtract',
    });
    await pair.primary.ask('RPUSH', 'waiting', 'a', 'b');
    expect(await look({ command: ['LLEN', 'waiting'] })).toEqual({ ok: true, text: '2', value: 2 });
    expect(await look({ command: ['LRANGE', 'waiting', '0', '-1'] })).toEqual({ ok: true, text: 'a b' });
    expect(await look({ command: ['GET', 'nothing'] })).toEqual({ ok: false, detail: 'nil' });
    expect(await look({}, pair.replica)).toEqual({ ok: false, detail: 'READONLY' });
  });

  it('knows that a demoted primary refused, and finds the new one', async () => {
    await open();
    const { primary, replica } = pair;
    expect(await write(ledger, { writer: 0, seq: 1 })).toMatchObject({ outcome: 'acked', timeLine: 1 });
    await replica.ask('REPLICAOF', 'NO', 'ONE');
    await primary.ask('REPLICAOF', replica.name, 6379);
    expect(await write(ledger, { writer: 0, seq: 2 })).toEqual({ outcome: 'failed', detail: 'READONLY' });
    expect(await write(ledger, { writer: 0, seq: 3 })).toEqual({
      ...{ outcome: 'acked', instance: `${replica.host}:${replica.port}`, timeLine: 2 },
    });
    expect(await seqsIn(ledger, replica)).toEqual([1, 3]);
  });

  it('streams many entries in the order of ids', async () => {
    await pair.replica.ask(
      'EVAL',
      `for n = 12000, 1, -1 do redis.call('XADD', KEYS[1], '*', 'id', '50-' .. n) end`,
      1,
      'drillbook:ledger:orders',
    );
    const seqs = (await seqsIn(ledger, pair.replica)).slice(2);
    expect(seqs).toEqual(Array.from({ length: 12_000 }, (_, index) => index + 1));
  });
});

describe.runIf(engineAvailable)('what a failover loses', () => {
  it('is found: acknowledged by a primary whose replica did not have it', async () => {
    await using pair = await startPair();
    const { primary, replica, address } = pair;
    const ledger = createLedger(redisLedger(address));
    await ledger.setUp();
    const acks: Ack[] = [];
    const writeUpTo = async (last: number) => {
      while (acks.length < last) acks.push(await write(ledger, { writer: 0, seq: acks.length + 1 }));
    };
    await writeUpTo(54);
    expect(await primary.ask('WAIT', 1, 5000)).toBe(1);
    while ((await seqsIn(ledger, replica)).length < 54);
    await replica.cutOff();
    await writeUpTo(60);
    await primary.kill();
    acks.push(await write(ledger, { writer: 0, seq: 61 }, 2000));
    await replica.connectAgain();
    await answering(replica);
    await replica.ask('REPLICAOF', 'NO', 'ONE');
    acks.push(await write(ledger, { writer: 0, seq: 62 }));
    expect(acks.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(60).fill('acked'),
      expect.stringMatching(/^(failed|indeterminate)$/),
      'acked',
    ]);
    const present = await seqsIn(ledger, replica);
    expect(present).toEqual([...Array.from({ length: 54 }, (_, index) => index + 1), 62]);
    expect(judged(acks, present)).toEqual([
      expect.stringMatching(/^rpo\.lost: fail: Ledger "orders" lost 6 acknowledged writes/),
    ]);
    await ledger.close();
  });

  it('is shown as a split brain where the old primary goes on', async () => {
    await using pair = await startPair();
    const { primary, replica, address } = pair;
    const ledger = createLedger(redisLedger(address));
    await ledger.setUp();
    const acks: Ack[] = [];
    for (let seq = 1; seq <= 55; seq++) acks.push(await write(ledger, { writer: 0, seq }));
    await replica.ask('REPLICAOF', 'NO', 'ONE');
    for (const writer of [1, 0, 1, 0]) acks.push(await write(ledger, { writer, seq: acks.length + 1 }));
    expect(acks.slice(54).map(({ instance, timeLine }) => [instance, timeLine])).toEqual(
      [primary, replica, primary, replica, primary].map(({ host, port }) => [
        `${host}:${port}`,
        port === primary.port ? 1 : 2,
      ]),
    );
    const present: number[] = [];
    for await (const { seq } of ledger.readAll(replica.address())) present.push(seq);
    expect(judged(acks, present)).toEqual([
      expect.stringMatching(/^rpo\.lost: fail: Ledger "orders" lost 2 acknowledged writes/),
      expect.stringMatching(
        `Split brain: ${primary.host}:${primary.port} on time line 1 acknowledged 2 writes`,
      ),
    ]);
    await ledger.close();
  });

  it('is nothing that a replica confirmed, under load, whatever the primary had in hand when it was killed', async () => {
    await using pair = await startPair();
    const { primary, replica, address } = pair;
    const writes: WriteEvent[] = [];
    const target = redisLedger(address, { wait: 1, rate: 400, writers: 8, deadline: 1000 });
    const writers = startWriters({
      ...{ originHr: process.hrtime.bigint().toString(), reserve: async () => {}, onMark: () => {} },
      onWrites: (batch) => writes.push(...batch),
      onError: (error) => {
        throw error;
      },
    });
    const by = (server: TestRedis) =>
      writes.filter((each) => each.outcome === 'acked' && each.instance === `${server.host}:${server.port}`);
    await writers.start(target);
    while (by(primary).length < 300) await sleep(10);
    await primary.kill();
    await replica.ask('REPLICAOF', 'NO', 'ONE');
    // No replica is left to confirm anything: the new primary stores, and nobody may call it acknowledged.
    while (!writes.some(({ detail }) => detail === 'WAIT 0 of 1' || detail === 'timeout')) await sleep(10);
    await writers.stop();
    const ledger = createLedger(target);
    const present = new Set<string>();
    for await (const { writer, seq } of ledger.readAll(replica.address())) {
      expect(present.has(`${writer}-${seq}`)).toBe(false);
      present.add(`${writer}-${seq}`);
    }
    const named = (outcome: string) =>
      writes.filter((each) => each.outcome === outcome).map(({ writer, seq }) => `${writer}-${seq}`);
    expect(named('acked').filter((id) => !present.has(id))).toEqual([]);
    expect(named('failed').filter((id) => present.has(id))).toEqual([]);
    expect(named('failed').length).toBeGreaterThan(0);
    expect(named('indeterminate').some((id) => present.has(id))).toBe(true);
    expect(by(replica)).toEqual([]);
  });
});
