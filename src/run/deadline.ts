/** What was given a deadline did not end in time. It may still be going on. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Waits for the work at most `ms`. The timer keeps the process alive on purpose: a hung heal must end in an error
 * that lets the next heal begin, not in a process that exits with heals skipped.
 * @throws DeadlineError, or whatever the work throws
 */
export async function withDeadline<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`${what} did not end within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
