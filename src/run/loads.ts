import { resolve } from 'node:path';
import type { PlannedLoad } from '../definition/load-spec.ts';
import type { Plan } from '../definition/plan.ts';
import type { Running } from '../environments/environment.ts';
import { createLoad } from '../loads/index.ts';
import { type Load, LoadError, type LoadTarget } from '../loads/load.ts';
import type { Journal } from './journal.ts';

/** The loads of a run: started before anything is judged, stopped once, with their summaries in the journal. */
export class RunningLoads {
  readonly #plan: Plan;
  readonly #journal: Journal;
  readonly #started = new Map<string, Load>();
  #stopped: Promise<void> | null = null;

  constructor({ plan, journal }: { readonly plan: Plan; readonly journal: Journal }) {
    this.#plan = plan;
    this.#journal = journal;
  }

  /** Starts all of them at once. @throws LoadError when one cannot be started, or the abort's reason */
  async start(running: Running, abort: AbortSignal): Promise<void> {
    const starts = Object.entries(this.#plan.loads ?? {}).map(async ([name, spec]) => {
      const target = loadTarget(running, this.#plan.platform.baseDir, name, spec);
      const load = createLoad(spec);
      this.#started.set(name, load);
      await load.start(target, abort);
      await this.#journal.emit({
        type: 'load.started',
        load: name,
        kind: spec.kind,
        ratePerSecond: spec.rate,
      });
    });
    await Promise.all(starts);
  }

  /** Stops all of them and journals their summaries. Idempotent. Never throws. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const stops = [...this.#started].map(async ([load, started]) => {
      const summary = await started.stop();
      await this.#journal.emit({ type: 'load.summary', load, ...summary });
    });
    await Promise.allSettled(stops);
  }
}

/** What a load runs on, its texts filled in. @throws LoadError where the environment has no containers */
export function loadTarget(
  running: Pick<Running, 'oneShots' | 'fill' | 'record'>,
  baseDir: string,
  name: string,
  spec: PlannedLoad,
): LoadTarget {
  const { oneShots } = running;
  if (oneShots === undefined) {
    throw new LoadError(
      `the load ${name} runs in a container, and the environment ${running.record.environment} has none; leave "loads" out of the drill, or run it where there are containers`,
    );
  }
  const fill = (texts: { readonly [name: string]: string } = {}) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, running.fill(text)]));
  const secrets = secretsIn([...Object.values(spec.env ?? {}), ...Object.values(spec.files ?? {})], running);
  return {
    name,
    spec: { ...spec, env: fill(spec.env), files: fill(spec.files) },
    script: resolve(baseDir, spec.script),
    maxUsers: spec['max-users'],
    oneShots,
    redact: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text),
  };
}

/** What the secrets and passwords that texts of the platform file name are in this run. */
function secretsIn(texts: readonly string[], { fill }: Pick<Running, 'fill'>): readonly string[] {
  const named = texts.flatMap((text) => text.match(/\$\{[^}]*(?:secret\.|password)[^}]*\}/g) ?? []);
  return named.map(fill).filter((secret) => secret !== '');
}
