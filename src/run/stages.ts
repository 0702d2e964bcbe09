import { defaults } from '../definition/defaults.ts';
import type { PlannedStage } from '../definition/plan.ts';
import type { Watched } from '../definition/scenario.ts';
import { faultOf } from '../faults/index.ts';
import { conditionName, conditionsOf } from '../timeline/conditions.ts';
import type { Ns } from '../timeline/events.ts';
import type { RunContext } from './context.ts';
import { faultStatus, type InjectedFaults } from './healing.ts';
import { askHealthChecks, brokenAt } from './health-checks.ts';
import { runProcedure } from './procedure.ts';
import { rejoin } from './rejoin.ts';
import { comeBack } from './return.ts';

/** A stage could not do its part, so the ones after it would prove nothing. The clean-up follows. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/** Runs the drill's stages in order. @throws StageError, or the abort's reason */
export async function runStages(ctx: RunContext, injected: InjectedFaults): Promise<void> {
  const lastBroken = brokenAt(ctx.plan);
  for (const [stage, planned] of ctx.plan.stages.entries()) {
    ctx.abort.throwIfAborted();
    await ctx.journal.emit({ type: 'stage.start', stage });
    let outcome: 'done' | 'timeout' | 'error' | 'aborted' = 'error';
    try {
      outcome = await runStage(ctx, injected, planned);
      if (stage === lastBroken) await askHealthChecks(ctx, 'faulted');
    } catch (error) {
      if (ctx.abort.aborted) outcome = 'aborted';
      throw error;
    } finally {
      await ctx.journal.emit({ type: 'stage.end', stage, outcome });
    }
  }
}

async function runStage(
  ctx: RunContext,
  injected: InjectedFaults,
  stage: PlannedStage,
): Promise<'done' | 'timeout'> {
  switch (stage.kind) {
    case 'inject':
      await inject(ctx, injected, stage.fault);
      return 'done';
    case 'procedure':
      await journalFaultStatus(ctx, injected, 'before-procedure');
      await runProcedure(ctx, stage);
      return 'done';
    case 'until':
      return until(ctx, stage);
    case 'heal':
      await injected.heal({ ...ctx, by: 'run' }, stage.fault);
      return 'done';
    case 'return':
      await comeBack(ctx, stage.target);
      return 'done';
    case 'rejoin':
      await rejoin(ctx, stage.target);
      return 'done';
  }
}

/** Prepared and journaled, then broken, then watched until its symptoms show. */
async function inject(ctx: RunContext, injected: InjectedFaults, id: string): Promise<void> {
  const { scenario } = ctx.plan;
  const spec = scenario.faults[id];
  if (spec === undefined) throw new StageError(`the scenario ${scenario.name} has no fault ${id}`);
  const fault = faultOf(spec);
  const injection = await fault.prepare(ctx.running, id, spec);
  await ctx.journal.emit({ type: 'fault.prepared', injection });
  injected.add(injection);
  const fromNs = ctx.clock.nowNs();
  ctx.recovery.restart(fromNs);
  await ctx.journal.emit({ type: 'fault.injecting', injection: id, atNs: fromNs });
  try {
    await fault.inject(ctx.running, injection);
  } catch (error) {
    await ctx.journal.emit({ type: 'fault.failed', injection: id, message: (error as Error).message });
    throw new StageError(`fault ${id} could not be injected: ${(error as Error).message}`, { cause: error });
  }
  await ctx.journal.emit({ type: 'fault.injected', injection: id });
  await watchEffects(ctx, id, fromNs);
}

/** All symptoms and detections of one fault at once; without its symptoms the drill does not go on. */
async function watchEffects(ctx: RunContext, fault: string, fromNs: Ns): Promise<void> {
  const { symptoms, detection } = ctx.plan.scenario;
  const [seen] = await Promise.all([
    Promise.all(symptoms.filter((s) => s.after === fault).map((s) => watch(ctx, s, 'symptom', fromNs))),
    Promise.all(detection.filter((d) => d.after === fault).map((d) => watch(ctx, d, 'detection', fromNs))),
  ]);
  if (seen.includes(false))
    throw new StageError(`fault ${fault} showed no effect: a symptom was not observed in time`);
}

async function watch(
  ctx: RunContext,
  { when, within }: Watched,
  purpose: 'symptom' | 'detection',
  fromNs: Ns,
): Promise<boolean> {
  const condition = conditionName(when);
  await ctx.journal.emit({ type: 'condition.watch', condition, purpose });
  const seen = await ctx.board.condition(when, {
    fromNs,
    withinMs: within ?? defaults.symptomWithinMs,
    abort: ctx.abort,
  });
  if (seen.met) await ctx.journal.emit({ type: 'condition.met', condition, purpose, sinceNs: seen.sinceNs });
  else await ctx.journal.emit({ type: 'condition.timeout', condition, purpose, observed: seen.observed });
  return seen.met;
}

/**
 * Waits for a condition. A recovery, or what a mark is made of, that does not come is a result, and the drill goes on;
 * any other condition is what the next stage stands on, so its absence ends the stages.
 */
async function until(
  ctx: RunContext,
  stage: Extract<PlannedStage, { kind: 'until' }>,
): Promise<'done' | 'timeout'> {
  const condition = conditionName(stage.condition);
  const options = { fromNs: ctx.clock.nowNs(), withinMs: stage.withinMs, abort: ctx.abort };
  await ctx.journal.emit({ type: 'condition.watch', condition, purpose: 'until' });
  const seen =
    stage.condition === 'recovered'
      ? await ctx.board.rule(ctx.recovery.watcher(options.fromNs), options)
      : await ctx.board.conditions(conditionsOf(stage.condition), options);
  if (seen.met) {
    await ctx.journal.emit({ type: 'condition.met', condition, purpose: 'until', sinceNs: seen.sinceNs });
    return 'done';
  }
  await ctx.journal.emit({ type: 'condition.timeout', condition, purpose: 'until', observed: seen.observed });
  if (stage.condition === 'recovered' || stage.as !== undefined) return 'timeout';
  throw new StageError(`waited for "${condition}", which did not come (${seen.observed})`);
}

/** What each fault is at this moment, for the checkers. */
export async function journalFaultStatus(
  ctx: RunContext,
  injected: InjectedFaults,
  when: 'before-procedure' | 'at-end',
): Promise<void> {
  for (const injection of injected.all) {
    const status = await faultStatus(ctx.running, injection);
    await ctx.journal.emit({ type: 'fault.status', injection: injection.id, status, when });
  }
}
