import { randomBytes } from 'node:crypto';
import { access, constants, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { counted } from '../checkers/wording.ts';
import type { EnvironmentName } from '../definition/platform.ts';
import {
  environmentOf,
  loadProblems,
  openProject,
  type Plan,
  refuseTargets,
  run,
  verdictLines,
} from '../index.ts';
import { resultOf } from '../reporters/json.ts';
import type { Judged } from '../reporters/reporter.ts';
import { askAtTerminal } from './ask.ts';
import { checkedOptions, type ProjectArguments } from './commands/options.ts';
import { exitCodeOf, UsageError } from './errors.ts';
import { stopOnSignals } from './interrupt.ts';
import { type Display, displayOf } from './progress/display.ts';
import { repeatTable } from './repeat-table.ts';
import { judgeAndReport } from './report-again.ts';
import { resultTable } from './result-table.ts';
import { type Ran, type RunResult, repeatsByDrill, resultsAsJson, worst } from './results.ts';
import { type Skipped, selectDrills } from './select-drills.ts';
import { terminalOptions } from './terminal-options.ts';

export interface RunDrillsOptions extends ProjectArguments {
  readonly drills: readonly string[];
  readonly environment: EnvironmentName | 'all' | undefined;
  readonly asWritten: boolean;
  readonly interactive: boolean;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly keep: boolean;
  /** Name that clusters of the environment kind are kept under between runs. */
  readonly reuse: string | undefined;
  /** Contexts of existing clusters that may be broken. */
  readonly confirmTarget: readonly string[];
  /** How often the whole set runs. */
  readonly repeat: number;
}

/** Runs what was asked for, one drill after the other: they measure time, and must not share the machine. @returns the exit code */
export async function runDrills(options: RunDrillsOptions): Promise<number> {
  if (options.interactive && !process.stdin.isTTY) {
    throw new UsageError(
      '--interactive asks questions at the terminal, and standard input is none; run it in a terminal, or leave it out',
    );
  }
  refuseOddRepeat(options);
  refuseOddName(options);
  const project = await openProject();
  const { plans, skipped } = await selectDrills(project, checkedOptions(options));
  for (const { platform, targets = [] } of plans)
    await refuseTargets({ platform, targets, confirmed: options.confirmTarget });
  const reports = await writableFolder(options.out === undefined ? project.reports : resolve(options.out));
  await checkEnvironments(plans);
  const ran = await runAll(plans, reports, options);
  if (options.json) process.stdout.write(`${resultsAsJson(ran, skipped)}\n`);
  else sayTogether(ran, skipped);
  const code = exitCodeOf(worst(ran));
  // A kept platform has helpers in this process (its toolbox, its supervisor) that would keep it alive for ever.
  if (options.keep) process.exit(code);
  return code;
}

/** @throws UsageError for a name that clusters cannot have, or a platform that would be both kept and used again */
function refuseOddName({ reuse, keep }: RunDrillsOptions): void {
  if (reuse === undefined) return;
  if (!/^[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?$/.test(reuse))
    throw new UsageError(
      `--reuse takes a name of up to 16 small letters, digits and hyphens, and "${reuse}" is none`,
    );
  if (keep) throw new UsageError('--keep leaves a platform standing in its clusters; leave out --reuse');
}

/** @throws UsageError for a number of repetitions that cannot be run, or not be kept */
function refuseOddRepeat({ repeat, keep }: RunDrillsOptions): void {
  if (!Number.isInteger(repeat) || repeat < 1)
    throw new UsageError('--repeat takes a whole number of runs, 1 or more, such as --repeat 20');
  if (keep && repeat > 1)
    throw new UsageError('--keep leaves the platform of one run standing; leave out --repeat');
}

/** @throws with the system's code when it cannot be made or written into, before anything is started */
async function writableFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await access(folder, constants.W_OK);
  return folder;
}

/** @throws UsageError with what is missing, for drills that were asked for and cannot run here */
async function checkEnvironments(plans: readonly Plan[]): Promise<void> {
  const problems = new Set<string>();
  for (const plan of plans) {
    const ofEnvironment = await environmentOf(plan.environment).check(plan.platform);
    for (const { what, todo, note } of [...ofEnvironment, ...(await loadProblems(plan))]) {
      if (note !== true) problems.add(`${what}. ${todo}`);
    }
  }
  if (problems.size > 0) throw new UsageError(`this machine cannot run it:\n  ${[...problems].join('\n  ')}`);
}

async function runAll(plans: readonly Plan[], reports: string, options: RunDrillsOptions): Promise<Ran> {
  using stop = stopOnSignals();
  const results: RunResult[] = [];
  // Round by round: what changes while the hours go by (load, page cache) then meets every drill alike.
  for (let round = 1; round <= options.repeat; round++) {
    for (const plan of plans) {
      if (stop.signal.aborted) return { results, notRun: plans.length * options.repeat - results.length };
      if (options.repeat > 1) process.stderr.write(`run ${round} of ${options.repeat}, `);
      results.push(await runOne(plan, reports, { ...options, abort: stop.signal }));
    }
  }
  return { results, notRun: 0 };
}

async function runOne(
  plan: Plan,
  reports: string,
  options: RunDrillsOptions & { readonly abort: AbortSignal },
): Promise<RunResult> {
  const runId = newRunId(plan);
  const directory = join(reports, runId);
  process.stderr.write(`${nameOf(plan)}: ${plan.title}\n`);
  const display = displayOf(plan, process.stderr);
  try {
    const { journalFile } = await run(plan, {
      environment: environmentOf(plan.environment),
      runId,
      reportDir: directory,
      abort: options.abort,
      keep: options.keep,
      ...(options.reuse !== undefined && { reuse: options.reuse }),
      confirmed: options.confirmTarget,
      flags: flagsOf(options),
      ask: options.interactive ? (step) => display.pause(() => askAtTerminal(step, options.abort)) : null,
      onEvent: (event) => display.add(event),
    });
    return await conclude(journalFile, directory, display, options);
  } finally {
    display.end();
  }
}

/** Those that its plan does not show: where the definitions came from, and what became of the platform. */
function flagsOf({
  runbooks,
  platform,
  out,
  keep,
  reuse,
  confirmTarget,
}: RunDrillsOptions): readonly string[] {
  const named = { runbooks, platform, out, reuse };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...(keep ? ['--keep'] : []),
    ...confirmTarget.flatMap((context) => ['--confirm-target', context]),
  ];
}

async function conclude(
  journalFile: string,
  directory: string,
  display: Display,
  options: RunDrillsOptions,
): Promise<RunResult> {
  const { judged } = await judgeAndReport(journalFile);
  display.end();
  if (!options.json)
    process.stdout.write(`${verdictLines(judged, terminalOptions(directory)).join('\n')}\n\n`);
  if (options.keep)
    process.stderr.write(`the platform is left running; \`drillbook heal ${directory}\` takes it down\n`);
  return { name: nameOf(judged.plan), directory, result: resultOf(judged) };
}

function sayTogether({ results, notRun }: Ran, skipped: readonly Skipped[]): void {
  const repeats = repeatsByDrill(results);
  const repeated = repeats.some(({ runs }) => runs > 1);
  if (repeated) process.stdout.write(`${repeatTable(repeats).join('\n')}\n`);
  else if (results.length > 1) process.stdout.write(`${resultTable(results).join('\n')}\n`);
  if (notRun > 0) process.stdout.write(`stopped before ${counted(notRun, 'run')} that had been asked for\n`);
  for (const { name, reason } of skipped) process.stdout.write(`skipped ${name}: ${reason}\n`);
}

export function nameOf({ drill, variant }: Pick<Judged['plan'], 'drill' | 'variant'>): string {
  return variant === null ? drill : `${drill}/${variant}`;
}

/** Sorts by time, says what it was, and is no other run's. */
function newRunId(plan: Plan): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return [time, plan.drill, plan.variant, randomBytes(2).toString('hex')]
    .filter((part) => part !== null)
    .join('-');
}
