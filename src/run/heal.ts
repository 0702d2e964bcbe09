import { basename, dirname } from 'node:path';
import type { Environment, EnvironmentRecord } from '../environments/environment.ts';
import { startOf } from '../environments/machine/proc.ts';
import type { MarkEvent } from '../timeline/events.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { startClock } from './clock.ts';
import { InjectedFaults } from './healing.ts';
import { type Journal, reopenJournal } from './journal.ts';
import { type JournalTail, readTail } from './journal-tail.ts';
import { readJournal } from './read-journal.ts';
import { leftBy } from './teardown.ts';

/** A run that cannot be healed from here, and why. */
export class HealError extends Error {
  override readonly name = 'HealError';
}

export type HealOutcome =
  /** Nothing had been created, or everything had been taken down already. */
  | { readonly outcome: 'nothing-to-do'; readonly runId: string }
  | {
      readonly outcome: 'healed';
      readonly runId: string;
      readonly faults: readonly string[];
      readonly leftovers: readonly string[];
    };

/**
 * Heals and removes what a run left behind, from its journal alone: for a harness that was killed, a machine that
 * crashed, a run that was kept. Appends what it did to the journal. Idempotent.
 * @throws HealError while the run is still going on; JournalError when the file is no journal
 */
export async function healRun(
  journalFile: string,
  environmentOf: (record: EnvironmentRecord) => Environment,
): Promise<HealOutcome> {
  const tail = await readTail(journalFile);
  if (tail.wholeBytes === 0 || endedClean(tail))
    return { outcome: 'nothing-to-do', runId: basename(dirname(journalFile)) };
  const timeline = await readJournal(journalFile);
  const { runId } = timeline.header;
  const record = lastRecord(timeline);
  if (record === null || isDown(timeline)) return { outcome: 'nothing-to-do', runId };
  await refuseWhileRunning(timeline);
  const origin = process.hrtime.bigint() - BigInt(Math.ceil(timeline.lastNs));
  const journal = await reopenJournal(journalFile, tail.wholeBytes, startClock(origin.toString()));
  try {
    return await healAndRemove(timeline, journal, environmentOf(record), record);
  } finally {
    await journal.close();
  }
}

async function healAndRemove(
  timeline: Timeline,
  journal: Journal,
  environment: Environment,
  record: EnvironmentRecord,
): Promise<HealOutcome> {
  const { runId } = timeline.header;
  if (!ended(timeline)) {
    await journal.emit({
      type: 'interrupted',
      reason: 'the harness ended before the run did; `drillbook heal` cleans up',
    });
  }
  const injected = openFaults(timeline);
  try {
    const running = await environment.attach(record);
    await injected.heal({ running, journal, by: 'heal-command' }, 'all');
  } catch (error) {
    // The platform cannot be reached any more; taking it down ends its faults with it. One that was there before the run is not taken
    // down: then its environment says what is left, and the next heal tries again.
    for (const { id } of injected.all) {
      await journal.emit({ type: 'fault.heal-failed', injection: id, message: (error as Error).message });
    }
  }
  const left = await leftBy(() => environment.down(record));
  await journal.emit({ type: 'environment.down', ...left });
  return { outcome: 'healed', runId, faults: injected.all.map(({ id }) => id), leftovers: left.leftovers };
}

/** Most journals end with a platform that was taken down: they need not be read to know that there is nothing to do. */
function endedClean({ lines }: JournalTail): boolean {
  return lines.some((line) => line.includes('"type":"environment.down"') && line.includes('"leftovers":[]'));
}

function lastRecord({ marks }: Timeline): EnvironmentRecord | null {
  return marks.findLast((mark) => mark.type === 'environment')?.record ?? null;
}

function isDown({ marks }: Timeline): boolean {
  return marks.findLast((mark) => mark.type === 'environment.down')?.leftovers.length === 0;
}

function ended({ marks }: Timeline): boolean {
  return marks.some(({ type }) => type === 'run.end');
}

/** Injections that were prepared and not proved to be over since. */
function openFaults({ marks }: Timeline): InjectedFaults {
  const over = new Set(marks.filter(isOver).map(({ injection }) => injection));
  const injected = new InjectedFaults();
  for (const mark of marks) {
    if (mark.type === 'fault.prepared' && !over.has(mark.injection.id)) injected.add(mark.injection);
  }
  return injected;
}

type Healed = Extract<MarkEvent, { type: 'fault.healed' }>;

function isOver(mark: MarkEvent): mark is Healed {
  return mark.type === 'fault.healed' && (mark.status === 'gone' || mark.status === 'superseded');
}

async function refuseWhileRunning({ header }: Timeline): Promise<void> {
  const { pid, pidStart } = header.harness;
  if (pid !== process.pid && (await startOf(pid)) === pidStart) {
    throw new HealError(
      `run ${header.runId} is still going on (process ${pid}); stop it with Ctrl-C or \`kill ${pid}\`, it heals itself`,
    );
  }
}
