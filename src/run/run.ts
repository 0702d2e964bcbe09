import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../definition/plan.ts';
import type { Environment } from '../environments/environment.ts';
import { type JournalEvent, journalVersion, type PhaseName } from '../timeline/events.ts';
import { SignalBoard } from './board.ts';
import { type Clock, startClock } from './clock.ts';
import type { AskOperator, RunContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { harness } from './harness.ts';
import { InjectedFaults } from './healing.ts';
import { askHealthChecks } from './health-checks.ts';
import { type Journal, openJournal } from './journal.ts';
import { watchMainLag } from './lag.ts';
import { RunningLoads } from './loads.ts';
import { Measuring } from './measuring.ts';
import { RecoveryWatch } from './recovery-watch.ts';
import { settle } from './settle.ts';
import { journalFaultStatus, runStages } from './stages.ts';
import { steady } from './steady.ts';
import { leftBy } from './teardown.ts';

export interface RunOptions {
  readonly environment: Environment;
  readonly runId: string;
  /** The run's own folder; made if it is not there. */
  readonly reportDir: string;
  /** Ends the drill early: faults are healed and everything is taken down as always. */
  readonly abort?: AbortSignal;
  readonly ask?: AskOperator | null;
  /** Sees every event as it is journaled. */
  readonly onEvent?: (event: JournalEvent) => void;
  /** Leaves the platform running for a look at it; `drillbook heal` takes it down. */
  readonly keep?: boolean;
  /** Keep clusters between runs under this name. */
  readonly reuse?: string;
  /** Contexts of existing clusters that may be broken, by exact name: the platform file has to name them, too. */
  readonly confirmed?: readonly string[];
  /** Flags that the run was asked for with and its plan does not show, for the report: how to do it again. */
  readonly flags?: readonly string[];
}

export interface RunOutcome {
  readonly journalFile: string;
}

/** Taking a platform down must end, too. */
const downDeadlineMs = 60_000;

/**
 * Runs one drill and journals everything. It never judges: what it returns is where the journal is.
 * Faults are healed and the platform is taken down whatever happens, unless `keep`.
 * @throws JournalWriteError when the journal cannot be created; everything later is an event in it
 */
export async function run(plan: Plan, options: RunOptions): Promise<RunOutcome> {
  await mkdir(options.reportDir, { recursive: true });
  const clock = startClock();
  const journal = await openJournal(join(options.reportDir, 'journal.ndjson'), clock);
  if (options.onEvent !== undefined) journal.onEvent(options.onEvent);
  try {
    await journal.emit({
      type: 'plan',
      journalVersion,
      runId: options.runId,
      startedAt: clock.startedAt,
      harness: await harness(),
      ...(options.flags !== undefined && { options: options.flags }),
      plan,
    });
    using _lag = watchMainLag(clock, journal);
    await phases(plan, options, clock, journal);
    await journal.emit({ type: 'run.end' });
  } catch (error) {
    await journal
      .emit({ type: 'error', where: 'run', message: (error as Error).message })
      .catch(() => undefined);
  } finally {
    await journal.close();
  }
  return { journalFile: journal.file };
}

async function phases(plan: Plan, options: RunOptions, clock: Clock, journal: Journal): Promise<void> {
  const { environment } = options;
  const stop = AbortSignal.any([journal.failure, ...(options.abort === undefined ? [] : [options.abort])]);
  let down: (() => Promise<readonly string[]>) | null = null;
  const site = {
    runId: options.runId,
    reportDir: options.reportDir,
    ...(options.reuse !== undefined && { reuse: options.reuse }),
    abort: stop,
    ...(options.confirmed !== undefined && { confirmed: options.confirmed }),
    emit: async (event: Parameters<Journal['emit']>[0]) => {
      if (event.type === 'environment') down = () => environment.down(event.record);
      await journal.emit(event);
    },
  };
  const watching = watch(plan, clock, journal);
  try {
    const running = await phase(journal, 'provision', () => environment.up(plan.platform, site));
    await drill(plan, options, { ...watching, clock, journal, running, abort: stop });
  } catch (error) {
    await noteFailure(journal, stop, error);
  } finally {
    await watching.measuring.stop();
    if (down !== null && options.keep !== true) await teardown(journal, down);
  }
}

type Watching = Pick<RunContext, 'board' | 'recovery' | 'measuring' | 'loads'>;

/** What observes the run, what waits for observations, and the users that it goes on under. */
function watch(plan: Plan, clock: Clock, journal: Journal): Watching {
  const board = new SignalBoard();
  const recovery = new RecoveryWatch(plan.recovered);
  const measuring = new Measuring({ plan, clock, journal, board, recovery });
  return { board, recovery, measuring, loads: new RunningLoads({ plan, journal }) };
}

type Up = Watching & Pick<RunContext, 'clock' | 'journal' | 'running' | 'abort'>;

/** Everything between a platform that is up and one that is taken down. */
async function drill(plan: Plan, options: RunOptions, up: Up): Promise<void> {
  const { journal, running, measuring, loads, abort: stop } = up;
  const injected = new InjectedFaults();
  const abort = AbortSignal.any([stop, measuring.failure]);
  const ask = options.ask ?? null;
  const ctx: RunContext = { ...up, plan, abort, ask, captured: new Map(), returned: new Set() };
  try {
    await phase(journal, 'steady', async () => {
      await steady(ctx);
      await askHealthChecks(ctx, 'healthy');
    });
    await phase(journal, 'stages', () => runStages(ctx, injected));
  } catch (error) {
    await noteFailure(journal, abort, error);
  }
  try {
    await injected.heal({ running, journal, by: 'run' }, 'all');
    if (injected.all.length > 0 && !stop.aborted) await phase(journal, 'settle', () => settle(ctx));
  } catch (error) {
    await noteFailure(journal, abort, error);
  } finally {
    await Promise.all([measuring.stop(), loads.stop()]);
    await journalFaultStatus(ctx, injected, 'at-end').catch(() => undefined);
  }
}

async function phase<T>(journal: Journal, name: PhaseName, work: () => Promise<T>): Promise<T> {
  await journal.emit({ type: 'phase.start', phase: name });
  try {
    return await work();
  } finally {
    await journal.emit({ type: 'phase.end', phase: name }).catch(() => undefined);
  }
}

async function noteFailure(journal: Journal, abort: AbortSignal, error: unknown): Promise<void> {
  const message = (error as Error).message;
  const event = abort.aborted
    ? ({ type: 'interrupted', reason: (abort.reason as Error).message ?? String(abort.reason) } as const)
    : ({ type: 'error', where: (error as Error).name, message } as const);
  await journal.emit(event).catch(() => undefined);
}

async function teardown(journal: Journal, down: () => Promise<readonly string[]>): Promise<void> {
  await journal.emit({ type: 'phase.start', phase: 'teardown' }).catch(() => undefined);
  const left = await leftBy(() => withDeadline('taking the platform down', downDeadlineMs, down()));
  await journal.emit({ type: 'environment.down', ...left }).catch(() => undefined);
  await journal.emit({ type: 'phase.end', phase: 'teardown' }).catch(() => undefined);
}
