import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpRequest, type HttpServer, openExchange, readBody } from '../clients/http.ts';
import { formatDuration } from '../definition/duration.ts';
import type { LedgerSpec } from '../definition/observing.ts';
import { createHttpLedger, readFrom, requestOf } from './http.ts';
import { type Ledger, LedgerError, type LedgerTarget } from './ledger.ts';

type QueueLedgerSpec = Extract<LedgerSpec, { kind: 'queue' }>;

const drainWithinMs = 30_000;
const askEveryMs = 200;
const answerWithinMs = 5_000;
/** A number, alone or in an object, is not longer. */
const boundBytes = 1024;

/**
 * A queue behind an API: a write is a job that it takes, and what is read back are the jobs that were done, each as often
 * as it was. Answers mean what they mean for the http ledger. It is read when no job is pending any more: a job that
 * waits is neither done nor lost.
 * @throws LedgerError when `write`, `list` or `pending` is not "METHOD /path", or `write` and `body` have no {id}
 */
export function createQueueLedger(target: LedgerTarget, spec: QueueLedgerSpec): Ledger {
  const jobs = createHttpLedger(target, spec);
  const pending = requestOf(target.name, spec.pending, spec);
  const withinMs = spec['drain-within'] ?? drainWithinMs;
  return {
    ...jobs,
    async *readAll(instance) {
      const drained = { ledger: target.name, server: readFrom(target, instance), pending, withinMs };
      await untilDrained(drained, instance.instance);
      yield* jobs.readAll(instance);
    },
  };
}

interface Draining {
  readonly ledger: string;
  readonly server: HttpServer;
  readonly pending: HttpRequest;
  readonly withinMs: number;
}

/** @throws LedgerError with what was left, or why nobody knows, when the time is over */
async function untilDrained(draining: Draining, instance: string): Promise<void> {
  const { ledger, pending, withinMs } = draining;
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const left = await askPending(draining);
    if (left === 0) return;
    if (performance.now() + askEveryMs > untilMs) {
      const within = `within ${formatDuration(withinMs)}`;
      throw new LedgerError(
        typeof left === 'number'
          ? `ledger ${ledger}: ${left} ${left === 1 ? 'job' : 'jobs'} of ${instance} still pending, not done ${within}: what waits is neither done nor lost`
          : `ledger ${ledger}: ${pending.method} ${pending.path} of ${instance} did not say ${within} that every job is done: ${left}`,
      );
    }
    await sleep(askEveryMs);
  }
}

/** How many jobs are pending, or why that is not known. */
async function askPending({ server, pending }: Draining): Promise<number | string> {
  const abort = AbortSignal.timeout(answerWithinMs);
  try {
    const answer = await openExchange(server, pending, abort);
    const text = (await readBody(answer, boundBytes, abort)).trim();
    if (answer.statusCode !== 200) return `HTTP ${answer.statusCode}`;
    return numberIn(text) ?? 'it answered something that is no number';
  } catch (error) {
    return (error as Error).message;
  }
}

/** `3` or `{"pending": 3}` */
function numberIn(text: string): number | null {
  const number = /^(?:\{\s*"pending"\s*:\s*(\d{1,15})\s*\}|(\d{1,15}))$/.exec(text);
  return number === null ? null : Number(number[1] ?? number[2]);
}
