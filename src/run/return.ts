import type { RunContext } from './context.ts';

/**
 * Brings a superseded database back as it was left, for the platform to reconcile with, after what the survivor holds without it was read.
 * @throws EnvironmentError when it cannot come back: what follows would reconcile nothing
 */
export async function comeBack(ctx: RunContext, target: string): Promise<void> {
  const { instance, component } = await ctx.running.address(target);
  await ctx.measuring.readBack('before-return');
  await ctx.running.start(instance, 'returned');
  await ctx.measuring.readBack('superseded-evidence', await ctx.running.address(instance));
  ctx.returned.add(instance);
  await ctx.journal.emit({ type: 'returned', component, instance });
}
