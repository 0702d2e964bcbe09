import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type TestServer } from '../../../test/conformance/postgres-server.ts';
import type { LedgerTarget } from '../../ledgers/ledger.ts';
import type { MarkEvent, ReserveEvent, WriteEvent } from '../../timeline/events.ts';
import { readBack, startWriters, type Writers } from './index.ts';

let server: TestServer;
let target: LedgerTarget;
let writers: Writers;
let writes: WriteEvent[];
let marks: MarkEvent[];
let reserved: ReserveEvent[];

beforeEach(async () => {
  server = await startPostgres();
  target = {
    name: 'orders',
    spec: { kind: 'postgres', role: 'database', rate: 200, writers: 3, deadline: 1000 },
    address: server.address(),
    hosts: {},
  };
  [writes, marks, reserved] = [[], [], []];
  writers = startWriters({
    originHr: process.hrtime.bigint().toString(),
    reserve: async (event) => {
      await sleep(50);
      expect(writes.filter(({ writer }) => writer === event.writer)).toEqual([]);
      reserved.push(event);
    },
    onWrites: (batch) => writes.push(...batch),
    onMark: (mark) => marks.push(mark),
    onError: (error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  await writers.stop(0).catch(() => undefined);
  await server.stop();
});

const outcomes = () => new Set(writes.map(({ outcome }) => outcome));
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

describe('writers', () => {
  it('write only what is reserved, and what they call acknowledged is there', async () => {
    await writers.start(target);
    await until(() => writes.length > 100);
    await writers.stop();
    expect(reserved.map(({ writer, from, to }) => [writer, from, to])).toEqual(
      [0, 1, 2].map((writer) => [writer, 1, 1000]),
    );
    expect(outcomes()).toEqual(new Set(['acked']));
    const found: string[] = [];
    const complete = await readBack({
      ...{ target, instance: server.address(), why: 'survivor', read: 'r' },
      emit: async (event) => {
        if (event.type !== 'ledger.ids') return;
        for (const [from, to] of event.ranges)
          for (let seq = from; seq <= to; seq++) found.push(`${event.writer}-${seq}`);
      },
    });
    expect(complete).toBe(true);
    expect(found.toSorted()).toEqual(writes.map(({ writer, seq }) => `${writer}-${seq}`).toSorted());
    expect(marks.filter(({ type }) => type !== 'harness.lag').map(({ type }) => type)).toEqual([
      'ledger.started',
      'ledger.stopped',
    ]);
  });

  it('know that nothing was sent where no server is', async () => {
    await writers.start(target);
    await until(() => outcomes().has('acked'));
    server.signal('SIGQUIT');
    const refused = (writer: number) =>
      writes.some((write) => write.writer === writer && write.detail === 'ECONNREFUSED');
    await until(() => [0, 1, 2].every(refused));
    await writers.stop();
    expect(
      writes.filter(({ detail }) => detail === 'ECONNREFUSED').every(({ outcome }) => outcome === 'failed'),
    ).toBe(true);
    for (const writer of [0, 1, 2]) {
      const own = writes.filter((write) => write.writer === writer).map(({ outcome }) => outcome);
      expect(own.lastIndexOf('acked')).toBeLessThan(own.indexOf('failed'));
    }
    const acked = writes.filter(({ outcome }) => outcome === 'acked').at(-1);
    expect(acked).toMatchObject({ timeLine: 1, instance: `${server.host}:${server.port}` });
  });

  it('say why they cannot start', async () => {
    const { database, ...address } = server.address();
    const wrong = { ...address, database: { ...database, password: 'wrong' } };
    await expect(writers.start({ ...target, address: wrong })).rejects.toThrow(
      'cannot make its table drillbook_ledger: no connection: 28P01',
    );
  });
});
