import type { RunContext } from './context.ts';
import { StageError } from './stages.ts';

/**
 * Loads come first, so that whatever is observed is observed under them. Probes and ledger writers start, and those that the plan names, else all, must be healthy for the window before anything
 * is broken.
 * @throws LoadError when a load cannot be started; StageError when they are not within the limit: breaking what does not work proves nothing
 */
export async function steady(ctx: RunContext): Promise<void> {
  const { windowMs, withinMs, probes: healthy = Object.keys(ctx.plan.probes) } = ctx.plan.steady;
  await ctx.loads.start(ctx.running, ctx.abort);
  await ctx.measuring.start(ctx.running);
  const options = { fromNs: 0, withinMs, abort: ctx.abort };
  const probes = healthy.map((probe) =>
    ctx.board.condition({ probe, is: 'healthy', for: windowMs }, options),
  );
  const ledgers = Object.keys(ctx.plan.ledgers).map((ledger) =>
    ctx.board.acknowledged(ledger, windowMs, options),
  );
  const seen = await Promise.all([...probes, ...ledgers]);
  const unhealthy = seen.flatMap((result) => (result.met ? [] : [result.observed]));
  if (unhealthy.length === 0) {
    await ctx.journal.emit({ type: 'steady.met' });
    return;
  }
  const reason = unhealthy.join('; ');
  await ctx.journal.emit({ type: 'steady.timeout', reason });
  throw new StageError(`the platform was never healthy for ${windowMs} ms before the drill: ${reason}`);
}
