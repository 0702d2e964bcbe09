/** The moment at which a command is to end: its time is over, or it is told to. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Resolves to null at that moment. */
  readonly told: Promise<null>;
  release(): void;
}

export function stopAfter(timeoutMs: number, abort: AbortSignal | undefined): Stop {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), Math.min(timeoutMs, 2 ** 31 - 1));
  const onAbort = (): void => stop.abort();
  const told = new Promise<null>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  abort?.addEventListener('abort', onAbort, { once: true });
  if (abort?.aborted) stop.abort();
  return {
    signal: stop.signal,
    told,
    release() {
      clearTimeout(timer);
      abort?.removeEventListener('abort', onAbort);
    },
  };
}
