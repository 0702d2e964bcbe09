import type { LoadSpec } from '../definition/load-spec.ts';
import type { OneShots } from '../environments/environment.ts';
import type { LoadFigures } from '../timeline/load-marks.ts';

/** Traffic of users on the platform, with a summary of its own. It is never the source of RTO: that is the probes'. */
export interface Load {
  /**
   * Resolves when users are at work.
   * @throws LoadError with the last lines of its log when it does not come to that, or the abort's reason
   */
  start(target: LoadTarget, abort: AbortSignal): Promise<void>;
  /** Ends it and removes its container, whatever state it is in, also before or within `start`. Idempotent. Never throws. */
  stop(): Promise<LoadSummary>;
}

/** What a load runs on. Its texts are filled in, so it may have secrets: it is never journaled. */
export interface LoadTarget<Spec extends LoadSpec = LoadSpec> {
  readonly name: string;
  readonly spec: Spec;
  /** Absolute. */
  readonly script: string;
  /** Virtual users at most. */
  readonly maxUsers: number;
  readonly oneShots: OneShots;
  /** Takes secrets out of a text for a journal. */
  redact(text: string): string;
}

export interface LoadSummary {
  /** Null: it never ran, or did not end when it was told to and was killed. */
  readonly exitCode: number | null;
  /** It had ended before it was stopped: from then on there was no load. */
  readonly endedEarly: boolean;
  /** Null: it wrote no summary. */
  readonly figures: LoadFigures | null;
  /** Why there are no figures, or the last lines of the log of one that ended early. Bounded, redacted. */
  readonly detail: string | null;
}

/** A load that cannot be started. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}
