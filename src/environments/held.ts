import type { Platform } from '../definition/platform.ts';
import type { Environment, EnvironmentRecord, Running, RunSite } from './environment.ts';
import { type Loopback, loopbackOfThisMachine } from './machine/network.ts';

/** What of a run lives in this process, and must end with it. */
export interface Held {
  release(): Promise<void>;
}

/** What an environment on this machine does in its own way; the rest is `holding`'s. */
export interface Way extends Pick<Environment, 'name' | 'attach'> {
  check(platform: Platform, loopback: Loopback, withNotes: boolean): ReturnType<Environment['check']>;
  /** `held` gets what must be let go of before the platform is taken down, as soon as there is any. */
  up(platform: Platform, site: RunSite, loopback: Loopback, held: (held: Held) => void): Promise<Running>;
  /** @returns what is still there, in words */
  takeDown(record: EnvironmentRecord): Promise<readonly string[]>;
}

/**
 * An environment that lets go of what this process holds of a run before it takes its platform down, and takes down what it could not
 * bring up.
 * @param given default: what this machine's loopback can
 */
export function holding(way: Way, given: Loopback | undefined): Environment {
  const held = new Map<string, Held>();
  const loopback = async () => given ?? (await loopbackOfThisMachine());
  const down = async (record: EnvironmentRecord) => {
    await held.get(record.runId)?.release();
    held.delete(record.runId);
    return way.takeDown(record);
  };
  return {
    name: way.name,
    check: async (platform, notes) => way.check(platform, await loopback(), notes === 'with-notes'),
    async up(platform, site) {
      let record: EnvironmentRecord | null = null;
      const emit: typeof site.emit = (event) => {
        if (event.type === 'environment') record = event.record;
        return site.emit(event);
      };
      try {
        return await way.up(platform, { ...site, emit }, await loopback(), (what) =>
          held.set(site.runId, what),
        );
      } catch (error) {
        if (record === null) await held.get(site.runId)?.release();
        // When that fails, too, whoever asked for the platform takes it down by its record; the first error is the one to tell.
        else await down(record).catch(() => undefined);
        throw error;
      }
    },
    attach: way.attach,
    down,
  };
}
