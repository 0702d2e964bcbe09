import { environmentOf, type HealOutcome, healRun } from '../index.ts';
import { allJournals, findJournal, reportsFolder } from './runs.ts';

interface HealOptions {
  readonly run: string | undefined;
  readonly out: string | undefined;
}

/** Heals one run, or all there are; goes on past a run that cannot be healed. @returns whether everything is clean */
export async function healRuns({ run, out }: HealOptions): Promise<boolean> {
  const reports = await reportsFolder(out);
  const journals = run === undefined ? await allJournals(reports) : [await findJournal(run, reports)];
  let clean = true;
  let healed = 0;
  for (const journal of journals) {
    try {
      const outcome = await healRun(journal, ({ environment }) => environmentOf(environment));
      if (outcome.outcome === 'healed') healed++;
      clean &&= say(outcome, run !== undefined);
    } catch (error) {
      clean = false;
      process.stderr.write(`drillbook: ${journal}: ${(error as Error).message}\n`);
    }
  }
  if (clean && healed === 0 && run === undefined) process.stdout.write(`nothing to heal in ${reports}\n`);
  return clean;
}

function say(outcome: HealOutcome, asked: boolean): boolean {
  if (outcome.outcome === 'nothing-to-do') {
    if (asked) process.stdout.write(`${outcome.runId}: nothing to heal\n`);
    return true;
  }
  const { runId, faults, leftovers } = outcome;
  const what = faults.length === 0 ? 'no fault was open' : `healed ${faults.join(', ')}`;
  const rest = leftovers.length === 0 ? 'everything it started is removed' : 'this is left:';
  process.stdout.write(`${runId}: ${what}; ${rest}\n`);
  for (const leftover of leftovers) process.stdout.write(`  ${leftover}\n`);
  return leftovers.length === 0;
}
