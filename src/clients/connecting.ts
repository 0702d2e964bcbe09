/** No connection was made, so nothing was sent. `code` is short and stable: `ECONNREFUSED`, `timeout`, an SQLSTATE. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: string;

  constructor(code: string, cause: unknown) {
    super(`no connection: ${code}`, { cause });
    this.code = code;
  }
}

/** When a server has not answered after this, the next of the list is tried beside it. */
const staggerMs = 150;

/** How a client tries one server of a list. */
export interface Attempt<Server, Connection> {
  /** Connects, if this server is one that the client looks for. @throws ConnectError when it is not, or is not there */
  connect(server: Server, abort: AbortSignal): Promise<Connection>;
  /** Gives back a connection that came too late to be the one. */
  release(connection: Connection): void;
}

/**
 * The first server of a list that fits. A silent server is not waited for before the next one is tried, so that a frozen
 * former primary does not hide the new one.
 * @throws ConnectError when none does: what each said, in the order of the list
 */
export async function firstThatFits<Server, Connection>(
  servers: readonly Server[],
  { connect, release }: Attempt<Server, Connection>,
  abort: AbortSignal,
): Promise<Connection> {
  const settled = new AbortController();
  const either = AbortSignal.any([abort, settled.signal]);
  const attempts: Promise<Connection>[] = [];
  try {
    for (const server of servers) {
      const attempt = connect(server, either);
      attempts.push(attempt);
      const answer = await Promise.race([attempt.catch(() => 'failed' as const), pause(staggerMs, either)]);
      if (answer !== 'failed' && answer !== 'waited') break;
    }
    const winner = await Promise.any(attempts);
    for (const attempt of attempts)
      void attempt.then(
        (other) => other !== winner && release(other),
        () => undefined,
      );
    return winner;
  } catch (error) {
    if (abort.aborted) throw new ConnectError('timeout', error);
    throw new ConnectError(codes(error), error);
  } finally {
    settled.abort();
  }
}

/** `ECONNREFUSED / read-only` */
function codes(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors
    .map((each) => (each instanceof ConnectError ? each.code : (each as Error).message))
    .join(' / ');
}

function pause(ms: number, abort: AbortSignal): Promise<'waited'> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      abort.removeEventListener('abort', done);
      resolve('waited');
    };
    const timer = setTimeout(done, ms);
    abort.addEventListener('abort', done, { once: true });
  });
}
