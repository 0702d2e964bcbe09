import { setTimeout as sleep } from 'node:timers/promises';
import type { Criterion } from '../definition/drill.ts';
import type { RunContext } from './context.ts';
import { verifyByState } from './verify.ts';

/** The platform as it is left: observed for a while under its loads, criteria asked, the ledger read back for good. */
export async function settle(ctx: RunContext): Promise<void> {
  await sleep(ctx.plan.settle.windowMs, undefined, { signal: ctx.abort });
  await Promise.all([ctx.measuring.stopWriting(), ctx.loads.stop()]);
  for (const criterion of ctx.plan.criteria) await askCriterion(ctx, criterion);
  const rejoined = ctx.plan.stages.some(({ kind }) => kind === 'rejoin');
  await ctx.measuring.readBack(rejoined ? 'after-rejoin' : 'survivor');
}

/** Criteria that are conditions on probes are the checkers' to see; only those that need a look at the state are asked here. */
async function askCriterion(ctx: RunContext, { criterion, check }: Criterion): Promise<void> {
  if (!('probe' in check)) return;
  const { ok, observed } = await verifyByState(ctx, check);
  await ctx.journal.emit({ type: 'criterion', criterion, ok, observed });
}
