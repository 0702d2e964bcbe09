import type { RunContext } from './context.ts';

/**
 * Brings a superseded instance back in its new part. What only it still holds is read as evidence first, in isolation or
 * when it returned: coming back erases it. @throws EnvironmentError when it cannot come back
 */
export async function rejoin(ctx: RunContext, target: string): Promise<void> {
  const { instance, component } = await ctx.running.address(target);
  // What is gone now and there after the rejoin has come back from the dead: only two reads can tell.
  await ctx.measuring.readBack('survivor');
  if (!ctx.returned.has(instance)) await readEvidence(ctx, instance);
  try {
    await ctx.running.start(instance, 'rejoin');
    await ctx.journal.emit({
      type: 'rejoined',
      component,
      instance,
      how: 'by the environment, as a member of what is there now',
    });
  } catch (error) {
    await ctx.journal.emit({ type: 'rejoin.failed', component, instance, message: (error as Error).message });
  }
}

async function readEvidence(ctx: RunContext, instance: string): Promise<void> {
  try {
    await ctx.running.start(instance, 'isolated');
    try {
      await ctx.measuring.readBack('superseded-evidence', await ctx.running.address(instance));
    } finally {
      await ctx.running.start(instance, 'stop');
    }
  } catch (error) {
    await ctx.journal.emit({
      type: 'error',
      where: `evidence of ${instance}`,
      message: (error as Error).message,
    });
  }
}
