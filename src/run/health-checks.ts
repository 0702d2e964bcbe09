import {
  ExchangeError,
  errorCode,
  type HttpServer,
  openExchange,
  placesOf,
  readBody,
} from '../clients/http.ts';
import type { Plan, PlannedHealthCheck } from '../definition/plan.ts';
import { EnvironmentError, type Running } from '../environments/environment.ts';
import { createProbe } from '../probes/index.ts';
import type { RunContext } from './context.ts';
import { probeTarget } from './targets.ts';

/** An operator who asks how things are waits about this long. */
const limitMs = 3_000;
const longestBodyBytes = 64 * 1024;
const longestAnswer = 200;

type Asked = Exclude<PlannedHealthCheck, { kind: 'left-out' }>;
type Of<K extends Asked['kind']> = Extract<Asked, { kind: K }>;

interface Answer {
  /** Null: it could not be asked. */
  readonly ok: boolean | null;
  readonly status: number | null;
  readonly text: string;
}

/**
 * Asks every health check of the drill once, all at the same time, and journals the answers. None of them takes longer than
 * 3 s. Nothing is judged here. @throws the reason of `ctx.abort`
 */
export async function askHealthChecks(ctx: RunContext, when: 'healthy' | 'faulted'): Promise<void> {
  const checks = ctx.plan.healthChecks?.checks ?? [];
  await Promise.all(
    checks.map(async (check) => {
      if (check.kind === 'left-out') return;
      const fromNs = ctx.clock.nowNs();
      const { ok, status, text } = await ask(ctx, check);
      // What ended it was drillbook itself: that says nothing about the platform.
      ctx.abort.throwIfAborted();
      const ms = Math.round((ctx.clock.nowNs() - fromNs) / 1e3) / 1e3;
      const answer = text.trim().slice(0, longestAnswer);
      await ctx.journal.emit({ type: 'health-check', check: check.name, when, ok, status, answer, ms });
    }),
  );
}

/** The stage after which the checks are asked again: the last injection before the first procedure. */
export function brokenAt({ stages }: Pick<Plan, 'stages'>): number | null {
  const procedure = stages.findIndex(({ kind }) => kind === 'procedure');
  const before = procedure === -1 ? stages : stages.slice(0, procedure);
  const last = before.findLastIndex(({ kind }) => kind === 'inject');
  return last === -1 ? null : last;
}

async function ask(ctx: RunContext, check: Asked): Promise<Answer> {
  try {
    switch (check.kind) {
      case 'url':
        return await askUrl(ctx, check);
      case 'command':
        return await askCommand(ctx, check);
      case 'sql':
        return await askDatabase(ctx, check);
    }
  } catch (error) {
    // Refusals and time-outs are answers, above. What is thrown is that drillbook could not ask: the platform said nothing.
    return { ok: null, status: null, text: (error as Error).message };
  }
}

async function askUrl({ running, abort }: RunContext, { text }: Of<'url' | 'command'>): Promise<Answer> {
  const { hostname, pathname, search } = new URL(text);
  const limit = AbortSignal.any([abort, AbortSignal.timeout(limitMs)]);
  const server = await serverAt(running, new URL(text));
  if (server === null)
    return {
      ok: null,
      status: null,
      text: `${hostname} is asked over TLS, and this environment has no certificates to trust`,
    };
  try {
    const answer = await openExchange(server, { method: 'GET', path: `${pathname}${search}` }, limit);
    const status = answer.statusCode ?? 0;
    const body = await readBody(answer, longestBodyBytes, limit);
    return { ok: status >= 200 && status < 300, status, text: body };
  } catch (error) {
    const code = error instanceof ExchangeError ? error.code : errorCode(error, limit);
    return { ok: false, status: null, text: code === 'timeout' ? noAnswer : code };
  }
}

/** Null: it is to be asked over TLS, and there is no CA to trust. */
async function serverAt(
  running: Running,
  { protocol, hostname, port: asked }: URL,
): Promise<HttpServer | null> {
  const { hosts, authority } = running;
  const tls = protocol === 'https:';
  const documented = Number(asked || (tls ? 443 : 80));
  const server = {
    name: hostname,
    host: hostname,
    hosts,
    ...(await published(running, hostname, documented)),
  };
  if (!tls) return server;
  return authority === undefined ? null : { ...server, tls: { ca: authority } };
}

/** Where a documented port is reached from outside the platform. A name that is no instance's keeps it. */
async function published(
  running: Running,
  hostname: string,
  port: number,
): Promise<Pick<HttpServer, 'port' | 'places'>> {
  try {
    const { host, ports, replicas } = await running.address(hostname);
    const at = { host, port: ports?.[port] ?? port };
    if (replicas === undefined) return { port: at.port };
    return {
      port: at.port,
      ...placesOf({
        ...at,
        replicas: replicas.map((each) => ({ host: each.host, port: each.ports[port] ?? port })),
      }),
    };
  } catch (error) {
    if (error instanceof EnvironmentError) return { port };
    throw error;
  }
}

const noAnswer = `no answer within ${limitMs / 1000} s`;

async function askCommand(
  { running, abort }: RunContext,
  { name, text }: Of<'url' | 'command'>,
): Promise<Answer> {
  const session = `health-check:${name}`;
  const result = await running.exec(text, { session, timeoutMs: limitMs, abort });
  if (result.notRun !== undefined) return { ok: null, status: null, text: result.notRun.reason };
  if (result.timedOut) return { ok: false, status: null, text: noAnswer };
  return {
    ok: result.exitCode === 0,
    status: result.exitCode,
    text: result.stdout.trim() === '' ? result.stderr : result.stdout,
  };
}

async function askDatabase({ running, abort }: RunContext, { name, text, role }: Of<'sql'>): Promise<Answer> {
  const spec = { kind: 'postgres', role, query: text } as const;
  const probe = createProbe(await probeTarget(running, name, spec));
  try {
    const limit = AbortSignal.any([abort, AbortSignal.timeout(limitMs)]);
    const seen = await probe.observe(0, limit);
    const said = seen.ok ? (seen.text ?? 'null') : (seen.detail ?? 'not ok');
    return { ok: seen.ok, status: null, text: said === 'timeout' ? noAnswer : said };
  } finally {
    await probe.close();
  }
}
