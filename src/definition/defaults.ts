/** What a run does where a drill or a platform says nothing. Milliseconds. */
export const defaults = {
  /** Long enough for a few dozen slots of the slowest usual probe, short beside any recovery. */
  steadyWindowMs: 3_000,
  /** A platform was ready before: half a minute more means that it is not well. */
  steadyWithinMs: 30_000,
  /** Late writes and probes in flight at the last stage are over by then (deadlines are 1 s and 2 s). */
  settleWindowMs: 2_000,
  /** Cloud and cluster commands that wait for an effect take tens of seconds. */
  stepTimeoutMs: 60_000,
  /** An outage is known to a tenth of a second, at ten requests a second. */
  probeEveryMs: 100,
  /** What a caller of an interactive service bears. */
  probeDeadlineMs: 1_000,
  /** An effect of a promotion or a rollout shows within this. */
  symptomWithinMs: 30_000,
  verifyWithinMs: 30_000,
  /** Loss is counted to a fiftieth of a second without loading the platform. */
  ledgerRatePerSecond: 50,
  ledgerWriters: 4,
  /** Longer than a probe's: a write that is slow but acknowledged is no loss. */
  ledgerDeadlineMs: 2_000,
  /** A user who waits five seconds before giving up does not keep the next one from coming. */
  usersPerIterationASecond: 5,
  /** The slowest loads, too, have more than one user at a time. */
  fewestUsers: 10,
  /** Every slot of the hold must succeed. */
  successRatio: 1,
} as const;
