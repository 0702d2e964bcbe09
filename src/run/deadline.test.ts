import { describe, expect, it } from 'vitest';
import { DeadlineError, withDeadline } from './deadline.ts';

describe('withDeadline', () => {
  it('gives the result of work that ends', async () => {
    expect(await withDeadline('work', 60_000, Promise.resolve(7))).toBe(7);
  });

  it('gives the error of work that fails', async () => {
    await expect(withDeadline('work', 60_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('does not wait for work that hangs', async () => {
    const hung = new Promise<never>(() => undefined);
    await expect(withDeadline('healing x', 5, hung)).rejects.toThrow(DeadlineError);
    await expect(withDeadline('healing x', 5, hung)).rejects.toThrow('healing x did not end within 5 ms');
  });
});
