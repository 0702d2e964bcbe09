import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { nearest, openProject } from '../index.ts';
import { UsageError } from './errors.ts';

export const journalName = 'journal.ndjson';

/** The folder that reports are written into: the one named, or the project's. */
export async function reportsFolder(out: string | undefined): Promise<string> {
  return out === undefined ? (await openProject()).reports : resolve(out);
}

/** Journals of every run in a reports folder, oldest first. */
export async function allJournals(reports: string): Promise<readonly string[]> {
  const names = await readdir(reports).catch(() => [] as string[]);
  const journals = names.sort().map((name) => join(reports, name, journalName));
  const there = await Promise.all(journals.map(isFile));
  return journals.filter((_, i) => there[i]);
}

/**
 * The journal that is meant by a run id, a report folder or a journal file.
 * @throws UsageError that names the nearest run
 */
export async function findJournal(run: string, reports: string): Promise<string> {
  const candidates = [resolve(run), join(resolve(run), journalName), join(reports, run, journalName)];
  for (const candidate of candidates) if (await isFile(candidate)) return candidate;
  const known = (await allJournals(reports)).map((file) => dirname(file).slice(reports.length + 1));
  const near = nearest(run, known);
  const hint =
    near === null
      ? known.length === 0
        ? '; there are no runs'
        : `; the newest is ${known.at(-1)}`
      : `; did you mean ${near}?`;
  throw new UsageError(`there is no run ${run} in ${reports}${hint}`);
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? false;
}
