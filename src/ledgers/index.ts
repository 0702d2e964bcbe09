import { createHttpLedger } from './http.ts';
import type { Ledger, LedgerTarget } from './ledger.ts';
import { createPostgresLedger } from './postgres.ts';
import { createQueueLedger } from './queue.ts';
import { createRedisLedger } from './redis.ts';

/** Every kind of ledger: a new one is a file and a case here. @throws LedgerError when the target lacks what its kind needs */
export function createLedger(target: LedgerTarget): Ledger {
  const { spec } = target;
  switch (spec.kind) {
    case 'http':
      return createHttpLedger(target, spec);
    case 'postgres':
      return createPostgresLedger(target);
    case 'redis':
      return createRedisLedger(target, spec);
    case 'queue':
      return createQueueLedger(target, spec);
  }
}
