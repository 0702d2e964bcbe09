import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What changes while a run lives. Each fact is a file of its own in a folder of the run, so that every process sees it. */
export interface Facts<Fact extends string> {
  get(fact: Fact, name: string): Promise<string | null>;
  set(fact: Fact, name: string, value: string): Promise<void>;
  clear(fact: Fact, name: string): Promise<void>;
  names(fact: Fact): Promise<readonly string[]>;
  /** From now on nothing of this run may be started. */
  close(): Promise<void>;
  isClosed(): Promise<boolean>;
}

/** @param folder has a folder for each fact */
export function factsIn<Fact extends string>(folder: string): Facts<Fact> {
  const closing = join(folder, 'closing');
  return {
    get: (fact, name) => readFile(join(folder, fact, name), 'utf8').catch(() => null),
    async set(fact, name, value) {
      const file = join(folder, fact, name);
      // A reader sees the old value or the new one, never half of it, and two writers at once do not share a draft.
      const draft = `${file}.${randomUUID()}~`;
      await writeFile(draft, value, { mode: 0o600 });
      await rename(draft, file);
    },
    clear: (fact, name) => rm(join(folder, fact, name), { force: true }),
    names: async (fact) =>
      (await readdir(join(folder, fact)).catch(() => [])).filter((name) => !name.endsWith('~')),
    close: () => writeFile(closing, '').catch(() => undefined),
    isClosed: async () => (await exists(closing)) || !(await exists(folder)),
  };
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
