/** A journal that cannot be read, in one sentence. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}
