import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedOneShot } from '../environments/environment.ts';
import type { LoadFigures } from '../timeline/load-marks.ts';
import { figuresOf } from './k6-summary.ts';
import { type Load, LoadError, type LoadSummary, type LoadTarget } from './load.ts';

export const k6Image = 'grafana/k6:1.8.1';

/** Where the script's folder is in the container, and what k6 writes there: its user may write to /tmp alone. */
const scriptFolder = '/loads';
const summaryFile = '/tmp/drillbook-summary.json';

/** The first user is there within a second or two; a script that first prepares data takes longer. */
const startMs = 60_000;
const pollMs = 200;
/** k6 interrupts its users and writes its summary in less than a second. */
const stopMs = 15_000;
/** Of the log, where it has to tell what went wrong. */
const logLines = 8;

/** `0h00m01.0s), 03/10 VUs, 20 complete and …`, once a second. Users, or iterations that are complete, are users at work. */
const progress = /^running \([^)]*\), (\d+)\/\d+ VUs, (\d+) complete/gm;

export function createK6Load(): Load {
  return new K6Load();
}

class K6Load implements Load {
  #target: LoadTarget | null = null;
  #container: StartedOneShot | null = null;
  #starting: Promise<void> | null = null;
  #exitCode: number | null = null;
  #ended = false;
  #stopped: Promise<LoadSummary> | null = null;

  start(target: LoadTarget, abort: AbortSignal): Promise<void> {
    this.#target = target;
    this.#starting = this.#start(target, abort);
    return this.#starting;
  }

  stop(): Promise<LoadSummary> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(target: LoadTarget, abort: AbortSignal): Promise<void> {
    abort.throwIfAborted();
    const container = await startContainer(target);
    this.#container = container;
    void container.ended.then((exitCode) => {
      this.#ended = true;
      this.#exitCode = exitCode;
    });
    const untilMs = performance.now() + startMs;
    while (!atWork(await container.logs())) {
      abort.throwIfAborted();
      if (this.#ended)
        throw new LoadError(
          `the load ${target.name} ended with exit code ${this.#exitCode} before it had begun:\n${await this.#lastLines()}`,
        );
      if (performance.now() > untilMs)
        throw new LoadError(
          `no user of the load ${target.name} came within ${startMs / 1000} s:\n${await this.#lastLines()}`,
        );
      await sleep(pollMs);
    }
  }

  async #stop(): Promise<LoadSummary> {
    // The container may be on its way; nothing may be left of it.
    await this.#starting?.catch(() => undefined);
    const container = this.#container;
    if (container === null)
      return { exitCode: null, endedEarly: false, figures: null, detail: 'it was never started' };
    const endedEarly = this.#ended;
    const exitCode = await end(container);
    const { figures, problem } = await readSummary(container);
    const detail = problem === null && !endedEarly ? null : [problem, await this.#lastLines()];
    await container.remove().catch(() => undefined);
    return {
      exitCode,
      endedEarly,
      figures,
      detail: detail?.filter((part) => part !== null && part !== '').join('\n') ?? null,
    };
  }

  async #lastLines(): Promise<string> {
    const log = await this.#container?.logs().catch((error: Error) => error.message);
    const lines = (log ?? '').split('\n').filter((line) => line.trim() !== '');
    const last = lines.slice(-logLines).map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line));
    return this.#target?.redact(last.join('\n')) ?? '';
  }
}

async function startContainer({
  name,
  spec,
  script,
  maxUsers,
  oneShots,
}: LoadTarget): Promise<StartedOneShot> {
  try {
    return await oneShots.run({
      name: `load-${name}`,
      image: spec.image ?? k6Image,
      argv: [
        'run',
        '--no-color',
        '--no-usage-report',
        // In the platform's network nobody has to do with k6's own API.
        '--address=',
        '--summary-mode=compact',
        '--summary-trend-stats=avg,med,max,p(95),p(99)',
        '--summary-time-unit=ms',
        `--summary-export=${summaryFile}`,
        `${scriptFolder}/${basename(script)}`,
      ],
      env: { ...spec.env, RATE: `${spec.rate}`, MAX_USERS: `${maxUsers}` },
      files: spec.files ?? {},
      mounts: { [scriptFolder]: dirname(script) },
    });
  } catch (error) {
    throw new LoadError(
      `the load ${name} could not be started (${basename(script)}): ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function atWork(log: string): boolean {
  return [...log.matchAll(progress)].some(([, users, complete]) => Number(users) + Number(complete) > 0);
}

/** As Ctrl-C would, so that k6 writes its summary; by force where it does not take notice. Null: by force. */
async function end(container: StartedOneShot): Promise<number | null> {
  const deadline = new AbortController();
  const tooLate = sleep(stopMs, 'too late' as const, { signal: deadline.signal }).catch(() => null);
  try {
    await container.signal('SIGINT').catch(() => undefined);
    const exitCode = await Promise.race([container.ended, tooLate]);
    if (exitCode !== 'too late') return exitCode;
    await container.signal('SIGKILL').catch(() => undefined);
    return null;
  } finally {
    deadline.abort();
  }
}

async function readSummary(
  container: StartedOneShot,
): Promise<{ readonly figures: LoadFigures | null; readonly problem: string | null }> {
  try {
    return { figures: figuresOf(await container.read(summaryFile)), problem: null };
  } catch (error) {
    return { figures: null, problem: `no summary could be read: ${(error as Error).message}` };
  }
}
