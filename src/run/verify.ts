import { setTimeout as sleep } from 'node:timers/promises';
import { defaults } from '../definition/defaults.ts';
import type { Verification } from '../definition/drill.ts';
import type { ProbeSpec } from '../definition/observing.ts';
import { createProbe } from '../probes/index.ts';
import type { Observation } from '../probes/probe.ts';
import type { RunContext } from './context.ts';
import { probeTarget } from './targets.ts';

const pauseMs = 100;
/** One look at the state. */
const lookMs = 5_000;

export interface Seen {
  readonly ok: boolean;
  readonly observed: string;
}

/** Asks a probe until it is ok (and shows the value asked for), or the time is over. Never throws for what it sees. */
export async function verifyByState(
  ctx: Pick<RunContext, 'plan' | 'running' | 'abort'>,
  check: Verification,
): Promise<Seen> {
  const spec = specOf(ctx, check);
  const until = performance.now() + (check.within ?? defaults.verifyWithinMs);
  for (let look = 0; ; look++) {
    const seen = await lookOnce(ctx, check, spec, look);
    if (seen.ok || performance.now() + pauseMs > until) return seen;
    await sleep(pauseMs, undefined, { signal: ctx.abort });
  }
}

function specOf(ctx: Pick<RunContext, 'plan'>, { probe }: Verification): ProbeSpec {
  if (typeof probe !== 'string') return probe;
  const named = ctx.plan.platform.probes?.[probe];
  if (named === undefined)
    throw new Error(`verification names probe ${probe}, which the platform does not have`);
  return named;
}

/** The role is resolved anew at each look: during a recovery it moves. */
async function lookOnce(
  ctx: Pick<RunContext, 'running'>,
  check: Verification,
  spec: ProbeSpec,
  look: number,
): Promise<Seen> {
  try {
    const probe = createProbe(await probeTarget(ctx.running, check.name, spec));
    try {
      return judge(check, await probe.observe(look, AbortSignal.timeout(lookMs)));
    } finally {
      await probe.close();
    }
  } catch (error) {
    return { ok: false, observed: (error as Error).message };
  }
}

/** What was asked for may be the number that was observed, or the text it stood in. */
function judge({ equals }: Verification, { ok, value, text, detail }: Observation): Seen {
  const observed = text ?? (value === undefined ? (detail ?? (ok ? 'ok' : 'not ok')) : `${value}`);
  if (!ok) return { ok: false, observed: detail ?? 'not ok' };
  if (equals === undefined) return { ok: true, observed };
  return { ok: [String(value), text].includes(String(equals)), observed };
}
