/** What a load generator counted, from its start to its end. */
export interface LoadFigures {
  readonly requests: number;
  /** Share of the requests that failed, 0 to 1; null: there was no request. */
  readonly failedRatio: number | null;
  /** Of the requests that succeeded: a refused connection takes no time, and would make an outage look fast. Null: there was none. */
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly iterations: number;
  /** Iterations that were due and had no user to do them. */
  readonly droppedIterations: number;
  readonly thresholds: readonly LoadThreshold[];
}

export interface LoadThreshold {
  /** With its tags: `http_req_duration{name:login}`. */
  readonly metric: string;
  readonly condition: string;
  readonly ok: boolean;
}

export interface LoadStarted {
  readonly load: string;
  readonly kind: string;
  readonly ratePerSecond: number;
}

export interface LoadEnded {
  readonly load: string;
  /** Null: it never ran, or did not end when it was told to and was killed. */
  readonly exitCode: number | null;
  /** It had ended before it was stopped. */
  readonly endedEarly: boolean;
  /** Null: it wrote no summary. */
  readonly figures: LoadFigures | null;
  readonly detail: string | null;
}
