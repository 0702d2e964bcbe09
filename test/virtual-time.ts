import type { Time } from '../src/run/time.ts';
import type { Ns } from '../src/timeline/events.ts';

interface Wake {
  readonly atNs: Ns;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * Time that passes only when told to: a schedule's own code then runs through an hour in seconds. Wakes come exactly
 * when they were asked for, in order; between two of them everything that was promised settles.
 */
export class VirtualTime implements Time {
  #nowNs = 0;
  #order = 0;
  /** A binary heap by time. */
  readonly #heap: Wake[] = [];
  readonly #cancelled = new Set<Wake>();

  nowNs(): Ns {
    return this.#nowNs;
  }

  wakeAt(atNs: Ns, wake: () => void): () => void {
    const entry: Wake = { atNs: Math.max(atNs, this.#nowNs), order: this.#order++, wake };
    this.#push(entry);
    return () => {
      if (this.#heap.includes(entry)) this.#cancelled.add(entry);
    };
  }

  /** Resolves at a virtual time. */
  sleep(ns: number): Promise<void> {
    return new Promise((resolve) => this.wakeAt(this.#nowNs + ns, resolve));
  }

  /** The thread did not run for so long: nothing wakes meanwhile. */
  block(ns: number): void {
    this.#nowNs += ns;
  }

  async advance(ns: number): Promise<void> {
    const untilNs = this.#nowNs + ns;
    for (let next = this.#heap[0]; next !== undefined && next.atNs <= untilNs; next = this.#heap[0]) {
      this.#pop();
      if (this.#cancelled.delete(next)) continue;
      this.#nowNs = Math.max(this.#nowNs, next.atNs);
      next.wake();
      await settled();
    }
    this.#nowNs = Math.max(this.#nowNs, untilNs);
    await settled();
  }

  #push(entry: Wake): void {
    const heap = this.#heap;
    heap.push(entry);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) break;
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = right < heap.length && this.#before(right, left) ? right : left;
      if (child >= heap.length || !this.#swapIfBefore(child, at)) break;
      at = child;
    }
  }

  #before(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a] as Wake, this.#heap[b] as Wake];
    return first.atNs < second.atNs || (first.atNs === second.atNs && first.order < second.order);
  }

  #swapIfBefore(a: number, b: number): boolean {
    if (!this.#before(a, b)) return false;
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b] as Wake, heap[a] as Wake];
    return true;
  }
}

/** Promises that were kept lead to others: a few rounds of the microtask queue settle what the code under test awaits. */
async function settled(): Promise<void> {
  for (let round = 0; round < 12; round++) await undefined;
}
