import { bindCommand, captureValues } from '../definition/binding.ts';
import type { PlannedProcedure, PlannedStep } from '../definition/plan.ts';
import type { CommandResult } from '../environments/environment.ts';
import type { Attempt } from '../timeline/events.ts';
import type { RunContext } from './context.ts';
import { verifyByState } from './verify.ts';

type Selected<D extends PlannedStep['do']> = Extract<PlannedStep, { do: D }>;

/**
 * Runs the steps a drill selected, in its order, and journals what became of each. Commands run verbatim; their
 * effect is verified by state, because exit codes lie. Nothing is judged here.
 */
export async function runProcedure(ctx: RunContext, procedure: PlannedProcedure): Promise<void> {
  await ctx.journal.emit({ type: 'procedure.start', procedure: procedure.name });
  try {
    for (const step of procedure.steps) {
      ctx.abort.throwIfAborted();
      await runStep(ctx, procedure.name, step);
    }
  } finally {
    await ctx.journal.emit({ type: 'procedure.end', procedure: procedure.name });
  }
}

async function runStep(ctx: RunContext, procedure: string, planned: PlannedStep): Promise<void> {
  switch (planned.do) {
    case 'run':
      return runCommand(ctx, procedure, planned);
    case 'perform':
      await attempt(ctx, { procedure, planned, as: 'performed', command: planned.command });
      return;
    case 'prompt':
      return promptFor(ctx, procedure, planned);
    case 'leave-out':
      return;
  }
}

/** The runbook's own text first; the drill's correction only after that has failed, and never under --as-written. */
async function runCommand(ctx: RunContext, procedure: string, planned: Selected<'run'>): Promise<void> {
  if (await asWritten(ctx, procedure, planned)) return;
  if (planned.correction === null || ctx.plan.asWritten) return;
  await attempt(ctx, { procedure, planned, as: 'correction', command: planned.correction.command });
}

async function asWritten(ctx: RunContext, procedure: string, planned: Selected<'run'>): Promise<boolean> {
  const bound = bindCommand(planned.step, planned.bind, ctx.captured);
  if ('unbound' in bound) {
    const reason = `no value for ${bound.unbound.join(', ')}`;
    await ctx.journal.emit({
      type: 'step.not-run',
      step: planned.step.id,
      procedure,
      reason,
      why: 'unbound',
    });
    return false;
  }
  return attempt(ctx, { procedure, planned, as: 'as-written', command: bound.text });
}

interface Try {
  readonly procedure: string;
  readonly planned: Selected<'run' | 'perform'>;
  readonly as: Attempt;
  readonly command: string;
}

/** One execution with its verification. True when it exited as it should and every verification saw the effect. */
async function attempt(ctx: RunContext, { procedure, planned, as, command }: Try): Promise<boolean> {
  const { step } = planned;
  const about = { step: step.id, procedure, attempt: as } as const;
  await ctx.journal.emit({ type: 'step.start', ...about, command });
  const result = await ctx.running.exec(command, {
    session: `${procedure}:${planned.do === 'run' ? planned.step.fence : step.id}`,
    timeoutMs: planned.timeoutMs,
    abort: ctx.abort,
    ...(planned.do === 'run' && planned.on !== undefined && { on: planned.on }),
  });
  if (ctx.abort.aborted) {
    // What ended it was drillbook itself: that says nothing about the runbook.
    const reason = 'the run was interrupted while it ran';
    await ctx.journal.emit({ type: 'step.not-run', step: step.id, procedure, reason, why: 'interrupted' });
    ctx.abort.throwIfAborted();
  }
  if (result.notRun !== undefined) {
    await ctx.journal.emit({ type: 'step.not-run', step: step.id, procedure, ...result.notRun });
    return false;
  }
  const { exitCode, signal, timedOut, durationNs, stdout, stderr, truncatedBytes, standIns } = result;
  await ctx.journal.emit({
    type: 'step.end',
    ...about,
    result: { exitCode, signal, timedOut, durationNs, stdout, stderr, truncatedBytes, standIns },
  });
  capture(ctx, planned, result);
  const exits = planned.do === 'run' ? (planned.exits ?? 0) : 0;
  // One that says itself that it failed has failed: waiting for its effect would only lengthen the outage.
  return exitCode === exits && (await verify(ctx, about, planned));
}

function capture(ctx: RunContext, planned: Selected<'run' | 'perform'>, result: CommandResult): void {
  if (planned.do !== 'run') return;
  for (const [name, value] of captureValues(planned.capture, result.stdout)) ctx.captured.set(name, value);
}

async function verify(
  ctx: RunContext,
  about: { readonly step: string; readonly procedure: string; readonly attempt: Attempt },
  planned: Selected<'run' | 'perform'>,
): Promise<boolean> {
  let all = true;
  for (const check of planned.verify) {
    const seen = await verifyByState(ctx, check);
    await ctx.journal.emit({
      type: 'step.verified',
      ...about,
      ok: seen.ok,
      check: check.name,
      observed: seen.observed,
    });
    all &&= seen.ok;
  }
  return all;
}

async function promptFor(ctx: RunContext, procedure: string, planned: Selected<'prompt'>): Promise<void> {
  const { step } = planned;
  if (ctx.ask === null) {
    const reason = 'a manual step, and nobody was asked (run with --interactive, or bind it to `perform:`)';
    await ctx.journal.emit({ type: 'step.not-run', step: step.id, procedure, reason, why: 'left-undone' });
    return;
  }
  await ctx.journal.emit({
    type: 'step.start',
    step: step.id,
    procedure,
    attempt: 'performed',
    command: null,
  });
  const { answer, note } = await ctx.ask(step);
  await ctx.journal.emit({ type: 'step.manual', step: step.id, procedure, by: 'operator', answer, note });
}
