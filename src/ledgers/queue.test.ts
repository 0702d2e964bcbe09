import { describe, expect, it } from 'vitest';
import { startHttp, type TestHttpServer } from '../../test/conformance/http-server.ts';
import { rpo } from '../checkers/rpo.ts';
import { statuses } from '../checkers/testing.ts';
import type { LedgerSpec } from '../definition/observing.ts';
import { readBack } from '../run/writers/index.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { mark, planOf, runMarks, timelineOf, writesOf } from '../timeline/testing.ts';
import { createLedger } from './index.ts';
import type { Ledger, LedgerTarget } from './ledger.ts';

interface TestQueue extends TestHttpServer {
  readonly ledger: Ledger;
  readonly target: LedgerTarget;
}

interface Work {
  /** What the worker makes of a job: how often it does it. */
  readonly times?: (id: string) => number;
  /** Milliseconds until it takes the next one; never: it is dead. */
  readonly every?: number;
  readonly pendingAnswer?: (pending: number) => { readonly status: number; readonly text: string };
}

/** A queue with one worker. Jobs under way are pending. */
async function startQueue({ times = () => 1, every = 5, pendingAnswer }: Work = {}): Promise<TestQueue> {
  const waiting: string[] = [];
  const done: string[] = [];
  const worker = setInterval(() => {
    const id = waiting.shift();
    if (id !== undefined) done.push(...Array<string>(times(id)).fill(id));
  }, every);
  const server = await startHttp((request, response) => {
    const [, , id] = request.url?.split('/') ?? [];
    if (request.method === 'POST' && id !== undefined) {
      waiting.push(id);
      response.writeHead(202).end();
    } else if (id === 'pending') {
      const { status, text } = pendingAnswer?.(waiting.length) ?? { status: 200, text: `${waiting.length}` };
      response.writeHead(status).end(text);
    } else response.end(JSON.stringify(done));
  });
  const spec: LedgerSpec = {
    ...{ kind: 'queue', role: 'api', write: 'POST /jobs/{id}', list: 'GET /jobs/done' },
    ...{ pending: 'GET /jobs/pending', delivery: 'exactly-once', 'drain-within': 1000 },
  };
  const target: LedgerTarget = { name: 'orders', spec, address: server.address, hosts: {} };
  const ledger = createLedger(target);
  return {
    ...server,
    ledger,
    target,
    async stop() {
      clearInterval(worker);
      await ledger.close();
      await server.stop();
    },
  };
}

async function write(ledger: Ledger, count: number): Promise<void> {
  for (let seq = 1; seq <= count; seq++)
    expect(await ledger.write({ writer: 0, seq }, AbortSignal.timeout(20_000))).toMatchObject({
      outcome: 'acked',
    });
}

async function read({ ledger, address }: TestQueue): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of ledger.readAll(address)) seqs.push(seq);
  return seqs;
}

describe('a queue', () => {
  it('is read when the last job is done', async () => {
    const queue = await startQueue();
    await write(queue.ledger, 20);
    expect(await read(queue)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await queue.stop();
  });

  it('shows what was done twice, and what was taken and never done', async () => {
    const queue = await startQueue({ times: (id) => ({ '0-3': 2, '0-5': 0 })[id] ?? 1 });
    await write(queue.ledger, 6);
    expect(await read(queue)).toEqual([1, 2, 3, 3, 4, 6]);
    await queue.stop();
  });

  it('is not read while jobs wait: how many is said', async () => {
    const queue = await startQueue({ every: 3_600_000 });
    await write(queue.ledger, 2);
    await expect(read(queue)).rejects.toThrow(
      'ledger orders: 2 jobs of api still pending, not done within 1s: what waits is neither done nor lost',
    );
    await queue.stop();
  });

  it('is not read when nobody knows whether jobs wait', async () => {
    for (const [status, text, why] of [
      [503, '0', 'HTTP 503'],
      [200, '{"pending": -1}', 'it answered something that is no number'],
      [200, '', 'it answered something that is no number'],
    ] as const) {
      const queue = await startQueue({ pendingAnswer: () => ({ status, text }) });
      await expect(read(queue)).rejects.toThrow(`did not say within 1s that every job is done: ${why}`);
      await queue.stop();
    }
  });

  it('waits out an API that is not back yet', async () => {
    let asked = 0;
    const queue = await startQueue({
      pendingAnswer: (pending) => ({ status: asked++ < 2 ? 503 : 200, text: `{"pending": ${pending}}\n` }),
    });
    await write(queue.ledger, 3);
    expect(await read(queue)).toEqual([1, 2, 3]);
    await queue.stop();
  });
});

/** What the checker of data says of 60 jobs that a queue took, read back as a run does. */
async function judged(
  delivery: 'exactly-once' | 'at-least-once',
  times: (id: string) => number,
): Promise<string[]> {
  const queue = await startQueue({ times, every: 1 });
  await write(queue.ledger, 60);
  const spec = { ...queue.target.spec, delivery } as LedgerSpec;
  const read: JournalEvent[] = [];
  await readBack({
    ...{ target: { ...queue.target, spec }, instance: queue.address, why: 'survivor', read: 'final' },
    emit: async (event) => void read.push({ ...event, atNs: 19e9 } as JournalEvent),
  });
  await queue.stop();
  const started = mark(0, { type: 'ledger.started', ledger: 'orders', writers: 1, ratePerSecond: 10 });
  const writes = writesOf(Array.from({ length: 60 }, () => ({ outcome: 'acked' as const })));
  const plan = planOf({ ledgers: { orders: spec } });
  return statuses(rpo.check(timelineOf(plan, [...runMarks(), started, ...writes, ...read]), plan));
}

describe('a queue is judged by what it promises', () => {
  const twice = (id: string) => (id === '0-30' ? 2 : 1);
  const never = (id: string) => (id === '0-30' ? 0 : 1);

  it.each([
    ['exactly-once', 'does every job once', () => 1, ['rpo: pass']],
    ['at-least-once', 'does every job once', () => 1, ['rpo: pass']],
    ['exactly-once', 'does one twice', twice, ['rpo: pass', 'rpo.duplicate: fail']],
    ['at-least-once', 'does one twice', twice, ['rpo: pass', 'rpo.duplicate: pass']],
    ['exactly-once', 'forgets one', never, ['rpo.lost: fail']],
    ['at-least-once', 'forgets one', never, ['rpo.lost: fail']],
  ] as const)('%s: one that %s', async (delivery, _, times, findings) => {
    expect(await judged(delivery, times)).toEqual(findings);
  });
});
