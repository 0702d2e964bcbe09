import { EnvironmentError } from './environment.ts';

/** A component as far as its start has to wait for others. */
export interface Waiting {
  readonly component: string;
  /** Components that must be ready first. */
  readonly after: readonly string[];
}

/**
 * Starts every component, each as soon as those that it comes `after` are ready. When one fails the others stop waiting,
 * and only when all have come to rest is the first failure thrown.
 * @throws EnvironmentError for components that wait for each other; what `start` throws
 */
export async function startInOrder<C extends Waiting>(
  components: readonly C[],
  start: (component: C, abort: AbortSignal) => Promise<void>,
): Promise<void> {
  refuseCycles(components);
  const failed = new AbortController();
  const ready = new Map<string, Promise<void>>();
  const whenReady = (component: C): Promise<void> => {
    const known = ready.get(component.component) ?? startAfterOthers(component);
    ready.set(component.component, known);
    return known;
  };
  const startAfterOthers = async (component: C): Promise<void> => {
    await Promise.all(
      components.filter(({ component: name }) => component.after.includes(name)).map(whenReady),
    );
    if (failed.signal.aborted) return;
    try {
      await start(component, failed.signal);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(components.map(whenReady));
  failed.signal.throwIfAborted();
}

/** @throws EnvironmentError when components wait for each other, or for one that does not exist */
export function refuseCycles(components: readonly Waiting[]): void {
  const names = components.map(({ component }) => component);
  for (const { component, after } of components) {
    const missing = after.find((name) => !names.includes(name));
    if (missing !== undefined)
      throw new EnvironmentError(
        `${component}: after: there is no component "${missing}"; there are ${names.join(', ')}`,
      );
  }
  const done = new Set<string>();
  for (let left = components; left.length > 0; left = left.filter(({ component }) => !done.has(component))) {
    const free = left.filter(({ after }) => after.every((name) => done.has(name)));
    if (free.length === 0)
      throw new EnvironmentError(
        `these components wait for each other: ${left.map(({ component }) => component).join(', ')}; take one out of an "after"`,
      );
    for (const { component } of free) done.add(component);
  }
}

/** All have come to rest before the first failure is thrown: what they made can then be taken down. @throws what the first that failed threw */
export async function allAtRest(working: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(working)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
