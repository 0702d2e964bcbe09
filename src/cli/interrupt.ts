export interface StopSignals extends Disposable {
  readonly signal: AbortSignal;
}

/** Why a run was stopped, as its journal says it. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) ends the drill: faults are healed, everything is taken down. A second one ends
 * drillbook at once, and says how to clean up.
 */
export function stopOnSignals(): StopSignals {
  const stop = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) {
      process.stderr.write('\ndrillbook: stopped at once; run `drillbook heal` to remove what is left\n');
      process.exit(name === 'SIGINT' ? 130 : 143);
    }
    process.stderr.write(
      `\ndrillbook: ${name}, healing and taking everything down (once more: stop at once)\n`,
    );
    stop.abort(new InterruptedError(`stopped by ${name}`));
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: stop.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
