import { createLedger } from '../../ledgers/index.ts';
import type { Ledger, LedgerTarget } from '../../ledgers/ledger.ts';
import type { MarkEvent, ReserveEvent, WriteEvent } from '../../timeline/events.ts';
import { watchLag } from '../lag.ts';
import { createOutbox } from '../outbox.ts';
import { serveThread, type ThreadPort } from '../thread.ts';
import { threadTime } from '../time.ts';
import { type Block, WriteSchedule } from './load.ts';

export type WritersRequest =
  | { readonly do: 'start'; readonly target: LedgerTarget }
  | {
      readonly do: 'reserved';
      readonly ledger: string;
      readonly writer: number;
      readonly failure: string | null;
    }
  | { readonly do: 'stop-ledger'; readonly ledger: string; readonly withinMs: number }
  | { readonly do: 'stop'; readonly withinMs: number };

export type WritersEvent =
  | { readonly kind: 'writes'; readonly writes: readonly WriteEvent[] }
  | { readonly kind: 'reserve'; readonly event: ReserveEvent }
  | { readonly kind: 'mark'; readonly mark: MarkEvent };

const gatherMs = 20;
const defaultRate = 50;
const defaultWriters = 4;
const defaultDeadlineMs = 5000;

interface Written {
  readonly ledger: Ledger;
  readonly schedule: WriteSchedule;
}

/** The writers' thread: one schedule a ledger, on the run's clock. It shares nothing with the sampler's. */
export function serveWriters(port: ThreadPort, originHr: string): Disposable {
  const time = threadTime(originHr);
  const written = new Map<string, Written>();
  const reserving = new Map<string, PromiseWithResolvers<void>>();
  const send = serveThread<WritersRequest, WritersEvent>(port, handle);
  const outbox = createOutbox<WriteEvent>(gatherMs, (writes) => send({ kind: 'writes', writes }));
  const mark = (event: MarkEvent) => send({ kind: 'mark', mark: event });

  /** The main thread journals the block and answers with a `reserved` request. */
  function reserve(ledger: string, block: Block): Promise<void> {
    const answer = Promise.withResolvers<void>();
    reserving.set(reservation(ledger, block.writer), answer);
    send({ kind: 'reserve', event: { type: 'ledger.reserved', atNs: time.nowNs(), ledger, ...block } });
    return answer.promise;
  }

  async function start(target: LedgerTarget): Promise<void> {
    const { name, spec } = target;
    if (written.has(name)) throw new Error(`ledger ${name} is being written already: stop it first`);
    const {
      rate: ratePerSecond = defaultRate,
      writers = defaultWriters,
      deadline: deadlineMs = defaultDeadlineMs,
    } = spec;
    const ledger = createLedger(target);
    const schedule = new WriteSchedule({
      ...{ name, ledger, writers, ratePerSecond, deadlineMs, time },
      report: outbox.push,
      reserve: (block) => reserve(name, block),
    });
    written.set(name, { ledger, schedule });
    await ledger.setUp();
    mark({ type: 'ledger.started', atNs: time.nowNs(), ledger: name, writers, ratePerSecond });
    await schedule.start();
  }

  async function stopLedger(name: string, withinMs: number): Promise<void> {
    const it = written.get(name);
    if (it === undefined) return;
    written.delete(name);
    const missed = await it.schedule.stop(withinMs);
    outbox.flush();
    mark({ type: 'ledger.stopped', atNs: time.nowNs(), ledger: name, missed });
    await it.ledger.close();
  }

  async function handle(request: WritersRequest): Promise<void> {
    switch (request.do) {
      case 'start':
        return await start(request.target);
      case 'reserved':
        return answerReservation(reserving.get(reservation(request.ledger, request.writer)), request.failure);
      case 'stop-ledger':
        return await stopLedger(request.ledger, request.withinMs);
      case 'stop':
        await Promise.all([...written.keys()].map((name) => stopLedger(name, request.withinMs)));
    }
  }

  return watchLag('writers', time, mark);
}

function reservation(ledger: string, writer: number): string {
  return `${ledger} ${writer}`;
}

function answerReservation(answer: PromiseWithResolvers<void> | undefined, failure: string | null): void {
  if (failure === null) answer?.resolve();
  else answer?.reject(new Error(failure));
}
