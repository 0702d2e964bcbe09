import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Result, resultSchema } from '../src/reporters/result.ts';
import { readJournal } from '../src/run/read-journal.ts';
import { marksOf } from '../src/timeline/spans.ts';
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
  readonly timeline: Timeline;
  /** Messages of the findings that are no pass. */
  readonly notPassed: readonly string[];
  /** What each command printed to stdout, by the command as it was run, in their order. */
  readonly outputs: readonly (readonly [command: string, stdout: string])[];
}

/** @returns stdout of the first command that begins so @throws when none does */
export function outputOf({ outputs }: ShippedRun, beginning: string): string {
  const found = outputs.find(([command]) => command.startsWith(beginning));
  if (found === undefined) throw new Error(`no command began with "${beginning}"`);
  return found[1];
}

/**
 * Runs one shipped drill through the command line, and expects that it leaves nothing behind.
 * @param options further ones of `drillbook run`
 */
export async function runShipped(
  name: string,
  folder: string = runbooks.ours,
  options: readonly string[] = [],
): Promise<ShippedRun> {
  return withReports(async (out) => {
    const args = [
      'run',
      name,
      '--runbooks',
      folder,
      '--out',
      out,
      '--today',
      '2026-11-22',
      '--json',
      ...options,
    ];
    const { exitCode, stdout, stderr } = await cli(args, { cwd: root });
    const { runs } = JSON.parse(stdout) as { runs: { directory: string }[] };
    const [run] = runs;
    if (run === undefined) throw new Error(`nothing ran: ${stderr}`);
    const result = resultSchema.parse(JSON.parse(await readFile(join(run.directory, 'result.json'), 'utf8')));
    const journal = join(run.directory, 'journal.ndjson');
    const timeline = await readJournal(journal);
    const record = await recordOf(journal);
    expect(record === null ? ['no record'] : await leftoversOf(record)).toEqual([]);
    const notPassed = result.findings.filter(({ status }) => status !== 'pass').map(({ message }) => message);
    return { exitCode, result, timeline, notPassed, outputs: outputsOf(timeline) };
  });
}

function outputsOf(timeline: Timeline): ShippedRun['outputs'] {
  const started = marksOf(timeline, 'step.start');
  return marksOf(timeline, 'step.end').map(({ step, procedure, attempt, result }) => {
    const start = started.find(
      (mark) => mark.step === step && mark.procedure === procedure && mark.attempt === attempt,
    );
    return [start?.command ?? '', result.stdout];
  });
}
