import { createLogUpdate } from 'log-update';
import type { Plan } from '../../definition/plan.ts';
import type { JournalEvent } from '../../timeline/events.ts';
import { progressOf } from './model.ts';

export interface Display {
  add(event: JournalEvent): void;
  /** Something has to be read or typed: the changing line goes away until it is done. */
  pause<T>(work: () => Promise<T>): Promise<T>;
  end(): void;
}

/** On a terminal a line that changes below the lines that stay; elsewhere (a terminal of no width, too) only the lines that stay. */
export function displayOf(plan: Plan, stream: NodeJS.WriteStream): Display {
  return stream.isTTY && stream.columns > 0 ? liveDisplay(plan, stream) : plainDisplay(plan, stream);
}

function plainDisplay(plan: Plan, stream: NodeJS.WritableStream): Display {
  const progress = progressOf(plan);
  return {
    add(event) {
      for (const line of progress.add(event)) stream.write(`  ${line}\n`);
    },
    pause: (work) => work(),
    end() {},
  };
}

const refreshMs = 200;

function liveDisplay(plan: Plan, stream: NodeJS.WriteStream): Display {
  const progress = progressOf(plan);
  const update = createLogUpdate(stream);
  const startedAt = performance.now();
  let newestNs = 0;
  let newestAt = startedAt;
  let paused = false;
  const draw = () => {
    if (!paused) update(`  ▸ ${progress.now(newestNs + (performance.now() - newestAt) * 1e6)}`);
  };
  const timer = setInterval(draw, refreshMs);
  return {
    add(event) {
      if (event.atNs > newestNs) [newestNs, newestAt] = [event.atNs, performance.now()];
      const lines = progress.add(event);
      if (lines.length > 0) update.persist(lines.map((line) => `  ${line}`).join('\n'));
    },
    async pause(work) {
      paused = true;
      update.clear();
      try {
        return await work();
      } finally {
        paused = false;
      }
    },
    end() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}
