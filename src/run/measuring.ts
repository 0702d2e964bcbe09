import type { Plan } from '../definition/plan.ts';
import type { Address, Running } from '../environments/environment.ts';
import type { MarkEvent, ReadWhy } from '../timeline/events.ts';
import type { SignalBoard } from './board.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { RecoveryWatch } from './recovery-watch.ts';
import { type Sampler, startSampler } from './sampler/index.ts';
import { ledgerTarget, probeTarget } from './targets.ts';
import { readBack, startWriters, type Writers } from './writers/index.ts';

export interface MeasuringOptions {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly board: SignalBoard;
  readonly recovery: RecoveryWatch;
}

/**
 * The two threads that observe a run, wired to the journal and to whoever waits for what they see. They load while the
 * platform is being set up; what they observe begins with `start`.
 */
export class Measuring {
  readonly #it: MeasuringOptions;
  readonly #sampler: Sampler;
  readonly #writers: Writers;
  readonly #failure = new AbortController();
  #running: Running | null = null;
  #writing = true;
  #observing = true;
  #reads = 0;

  constructor(it: MeasuringOptions) {
    this.#it = it;
    const { clock, journal, board, recovery } = it;
    const onError = (error: Error) => this.#failure.abort(error);
    const onMark = (mark: MarkEvent) => {
      if (mark.type === 'probe.started') recovery.probeStarted(mark);
      journal.append([mark]);
    };
    this.#sampler = startSampler({
      originHr: clock.originHr,
      onMark,
      onError,
      onSlots(batch) {
        journal.append(batch);
        recovery.slots(batch);
        board.slots(batch);
      },
    });
    this.#writers = startWriters({
      originHr: clock.originHr,
      onMark,
      onError,
      reserve: (event) => journal.emit(event),
      onWrites(batch) {
        journal.append(batch);
        board.writes(batch);
      },
    });
  }

  /** Aborts when a thread dies: from then on nothing is known. */
  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  /** Starts every probe and ledger of the plan, all at once. @throws ThreadError when one cannot be started */
  async start(running: Running): Promise<void> {
    const { plan } = this.#it;
    this.#running = running;
    const probes = Object.entries(plan.probes).map(async ([name, spec]) => {
      const target = await probeTarget(running, name, spec);
      await this.#journalRole(target.address);
      await this.#sampler.start(target);
    });
    const ledgers = Object.entries(plan.ledgers).map(async ([name, spec]) => {
      const target = await ledgerTarget(running, name, spec);
      await this.#journalRole(target.address);
      await this.#writers.start(target);
    });
    await Promise.all([...probes, ...ledgers]);
  }

  /** Reads every ledger back, from the instance its role means now or from the one given. */
  async readBack(why: ReadWhy, instance?: Address): Promise<void> {
    const { plan, journal } = this.#it;
    const running = this.#running;
    if (running === null) return;
    for (const [name, spec] of Object.entries(plan.ledgers)) {
      const target = await ledgerTarget(running, name, spec);
      if (instance !== undefined && instance.component !== target.address.component) continue;
      const read = `${why}-${++this.#reads}`;
      await readBack({
        target,
        instance: instance ?? target.address,
        why,
        read,
        emit: (event) => journal.emit(event),
      });
    }
  }

  /** What a role meant at the moment it was used. */
  async #journalRole(address: Address | null): Promise<void> {
    if (address === null) return;
    const { role, instance, host, port, why } = address;
    await this.#it.journal.emit({ type: 'role.resolved', role, instance, address: `${host}:${port}`, why });
  }

  /** No further writes; every one that was sent has its outcome. Idempotent. */
  async stopWriting(): Promise<void> {
    if (!this.#writing) return;
    this.#writing = false;
    await this.#writers.stop();
  }

  /** Ends both threads, whatever state they are in. Never throws. */
  async stop(): Promise<void> {
    await this.stopWriting().catch(() => undefined);
    if (!this.#observing) return;
    this.#observing = false;
    await this.#sampler.stop().catch(() => undefined);
  }
}
