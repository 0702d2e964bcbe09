import { dirname } from 'node:path';
import { judge, readJournal, type Status, verdictLines, writeReports } from '../index.ts';
import type { Judged } from '../reporters/reporter.ts';
import { findJournal, reportsFolder } from './runs.ts';
import { terminalOptions } from './terminal-options.ts';

/** Judges a journal, writes its reports beside it, and prints the verdict. */
export async function reportAgain({
  run,
  out,
}: {
  readonly run: string;
  readonly out: string | undefined;
}): Promise<Status> {
  const journal = await findJournal(run, await reportsFolder(out));
  const { judged } = await judgeAndReport(journal);
  process.stdout.write(`${verdictLines(judged, terminalOptions(dirname(journal))).join('\n')}\n`);
  return judged.verdict.overall;
}

/** What a journal says, and what of its reports could be written. Failures are told on standard error. */
export async function judgeAndReport(journalFile: string): Promise<{ readonly judged: Judged }> {
  const timeline = await readJournal(journalFile);
  const { plan } = timeline.header;
  const judged = { plan, timeline, ...judge(timeline, plan) };
  const { failures } = await writeReports(judged, dirname(journalFile));
  for (const failure of failures)
    process.stderr.write(`drillbook: a report could not be written: ${failure}\n`);
  return { judged };
}
