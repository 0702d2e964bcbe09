/** Gathers events for a short while, so that a thread posts few messages however many events there are. */
export interface Outbox<T> {
  push(item: T): void;
  /** Sends what is there now. */
  flush(): void;
}

/** A full second of a fast schedule never waits for the timer: at this many items the batch goes at once. */
const batchLimit = 2000;

export function createOutbox<T>(everyMs: number, send: (batch: readonly T[]) => void): Outbox<T> {
  let batch: T[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (batch.length === 0) return;
    const full = batch;
    batch = [];
    send(full);
  };
  return {
    flush,
    push(item) {
      batch.push(item);
      if (batch.length >= batchLimit) flush();
      else timer ??= setTimeout(flush, everyMs);
    },
  };
}
