import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

/** A thread of the harness ended or failed although nobody had stopped it: what it should have measured is missing. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
}

interface Request<In> {
  readonly id: number;
  readonly body: In;
}

type FromThread<Out> =
  | { readonly kind: 'event'; readonly event: Out }
  | { readonly kind: 'reply'; readonly id: number; readonly failure: string | null };

/** The main thread's side. */
export interface ThreadHandle<In> {
  /** Resolves when the thread has done it. @throws ThreadError with the thread's reason, or when the thread is gone */
  request(body: In): Promise<void>;
  /** Ends the thread at once. */
  terminate(): Promise<void>;
}

export interface ThreadOptions<Out> {
  /** What the messages call it. */
  readonly name: string;
  /** Module of the thread, e.g. `new URL('./thread.ts', import.meta.url)`; `.js` in a build. */
  readonly module: URL;
  readonly originHr: string;
  readonly onEvent: (event: Out) => void;
  /** Called once, if the thread dies on its own. */
  readonly onError: (error: ThreadError) => void;
}

/** A module beside the caller's, with the extension that the caller itself has: `.ts` from source, `.js` from a build. */
export function siblingModule(name: string, callerUrl: string): URL {
  return new URL(`./${name}${callerUrl.endsWith('.ts') ? '.ts' : '.js'}`, callerUrl);
}

/**
 * A young generation of the default size would grow to hundreds of megabytes of garbage before it is collected, in few
 * long pauses; a small one is collected often and quickly. The old generation holds little: what is open at the moment.
 */
export const threadLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

/** A thread does not take over the main thread's compile cache by itself. */
function threadEnvironment(): NodeJS.ProcessEnv {
  const compiled = getCompileCacheDir();
  return compiled === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(compiled) };
}

export function startThread<In, Out>(options: ThreadOptions<Out>): ThreadHandle<In> {
  const worker = new Worker(options.module, {
    name: options.name,
    workerData: options.originHr,
    env: threadEnvironment(),
    resourceLimits: threadLimits,
  });
  const pending = new Map<number, PromiseWithResolvers<void>>();
  let nextId = 0;
  let gone: ThreadError | null = null;
  const end = (why: string, cause?: unknown, expected = false) => {
    if (gone !== null) return;
    gone = new ThreadError(
      `the ${options.name} thread ${why}; what it should have measured since is missing`,
      { cause },
    );
    for (const { reject } of pending.values()) reject(gone);
    if (!expected) options.onError(gone);
  };
  worker.on('message', (message: FromThread<Out>) => {
    if (message.kind === 'event') return options.onEvent(message.event);
    const { resolve, reject } = pending.get(message.id) ?? Promise.withResolvers<void>();
    pending.delete(message.id);
    if (message.failure === null) resolve();
    else reject(new ThreadError(message.failure));
  });
  worker.on('error', (error) => end(`failed: ${error.message}`, error));
  worker.on('exit', (code) => end(`ended with code ${code}`));
  return {
    request(body) {
      if (gone !== null) return Promise.reject(gone);
      const answer = Promise.withResolvers<void>();
      pending.set(nextId, answer);
      worker.postMessage({ id: nextId++, body } satisfies Request<In>);
      return answer.promise;
    },
    async terminate() {
      end('was stopped', undefined, true);
      await worker.terminate();
    },
  };
}

/** What a thread's body needs of its port: a test gives it one end of a MessageChannel. */
export type ThreadPort = Pick<MessagePort, 'postMessage' | 'on'>;

/** The thread's side: answers each request once `handle` has settled, and returns how to send events. */
export function serveThread<In, Out>(
  port: ThreadPort,
  handle: (body: In) => Promise<void>,
): (event: Out) => void {
  port.on('message', ({ id, body }: Request<In>) => {
    const reply = (failure: string | null) =>
      port.postMessage({ kind: 'reply', id, failure } satisfies FromThread<Out>);
    handle(body).then(
      () => reply(null),
      (error: unknown) => reply(error instanceof Error ? error.message : String(error)),
    );
  });
  return (event) => port.postMessage({ kind: 'event', event } satisfies FromThread<Out>);
}
