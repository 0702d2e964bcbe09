import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Result, resultSchema } from '../src/reporters/result.ts';
import { readJournal } from '../src/run/read-journal.ts';
import type { Timeline } from '../src/timeline/timeline.ts';
import { cli, withReports } from './drill-process.ts';
import { leftoversOf, recordOf } from './leftovers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of runbooks: ours, and the users' own documents, which are beside the checkout in some places only. */
export const runbooks = {
  ours: join(root, 'fixtures/runbooks'),
  originals: join(root, '../shared/runbooks'),
} as const;

export interface ShippedRun {
  readonly exitCode: number | null;
  readonly result: Result;
  /** Messages of the findings that are no pass. */
  readonly notPassed: readonly string[];
  /** What its journal says happened, for what no report tells. */
  readonly marks: Timeline['marks'];
}

/** Runs one shipped drill through the command line, and expects that it leaves nothing behind. */
export async function runShipped(name: string, folder: string = runbooks.ours): Promise<ShippedRun> {
  return withReports(async (out) => {
    const args = ['run', name, '--runbooks', folder, '--out', out, '--today', '2026-11-22', '--json'];
    const { exitCode, stdout, stderr } = await cli(args, { cwd: root });
    const { runs } = JSON.parse(stdout) as { runs: { directory: string }[] };
    const [run] = runs;
    if (run === undefined) throw new Error(`nothing ran: ${stderr}`);
    const result = resultSchema.parse(JSON.parse(await readFile(join(run.directory, 'result.json'), 'utf8')));
    const record = await recordOf(join(run.directory, 'journal.ndjson'));
    expect(record === null ? ['no record'] : await leftoversOf(record)).toEqual([]);
    const notPassed = result.findings.filter(({ status }) => status !== 'pass').map(({ message }) => message);
    const { marks } = await readJournal(join(run.directory, 'journal.ndjson'));
    return { exitCode, result, notPassed, marks };
  });
}
