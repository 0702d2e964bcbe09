import type { EnvironmentRecord, RunSite } from '../../src/environments/environment.ts';
import type { MarkEvent } from '../../src/timeline/events.ts';

/** A run's site that remembers what was emitted. */
export interface RecordedSite extends RunSite {
  readonly events: readonly Event[];
  readonly record: () => EnvironmentRecord;
}

type Event = Parameters<RunSite['emit']>[0];

export function recordedRun(
  runId: string,
  reportDir: string,
  onEvent: (event: Event) => void = () => {},
): RecordedSite {
  const events: Event[] = [];
  return {
    runId,
    reportDir,
    events,
    async emit(event) {
      onEvent(event);
      events.push(event);
    },
    record() {
      const found = events.find((event) => event.type === 'environment');
      if (found === undefined) throw new Error('no environment record was emitted');
      return (found as Extract<MarkEvent, { type: 'environment' }>).record;
    },
  };
}
