import { ConnectError } from '../clients/connecting.ts';
import { type Connection, connect } from '../clients/postgres.ts';
import { type FaultSpec, victimOf } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { targetInstance } from './target.ts';

type SqlSpec = Extract<FaultSpec, { fault: 'sql' }>;

/** Below the runner's own deadline for a heal, so that the message is this one. */
const answerWithinMs = 20_000;

/**
 * Breaks a database by SQL that its administrator could have run: a bad UPDATE, replay of a replica paused. Without
 * `heal` there is no way back but the recovery's own, and the fault counts as superseded as soon as it is done.
 */
export const sql: Fault<SqlSpec> = {
  kind: 'sql',

  /** Asks for nothing but an answer: whether the SQL is right shows when it runs. */
  async prepare(running, id, spec): Promise<Injection> {
    const injection: Injection = {
      id,
      spec,
      instance: await targetInstance(running, spec.target),
      processes: [],
    };
    await ask(running, injection, 'select 1', 'logging in');
    return injection;
  },

  async inject(running, injection) {
    await ask(running, injection, (injection.spec as SqlSpec).inject, '"inject"');
  },

  async heal(running, injection) {
    const { heal } = injection.spec as SqlSpec;
    if (heal !== undefined) await ask(running, injection, heal, '"heal"');
  },

  async status(running, injection): Promise<FaultStatus> {
    const { active } = injection.spec as SqlSpec;
    if (active === undefined) return 'superseded';
    try {
      return isTrue(await ask(running, injection, active, '"active"')) ? 'active' : 'gone';
    } catch (error) {
      if (error instanceof FaultError) return 'unknown';
      throw error;
    }
  },
};

/** No row, null, false and 0 are not true; neither is an empty text, nor one that says `f`, `false` or a zero. */
function isTrue(value: unknown): boolean {
  if (typeof value !== 'string') return Boolean(value);
  return !['', 'f', 'false'].includes(value.trim().toLowerCase()) && Number(value) !== 0;
}

/**
 * Runs SQL on the instance that was meant, as its administrator; several statements are one transaction.
 * Returns the first column of the first row of the last one, undefined without a row.
 * @throws FaultError with the server's message
 */
async function ask(running: Running, injection: Injection, text: string, what: string): Promise<unknown> {
  const { id, instance } = injection;
  const abort = AbortSignal.timeout(answerWithinMs);
  let connection: Connection | null = null;
  const cut = () => connection?.destroy();
  abort.addEventListener('abort', cut, { once: true });
  try {
    connection = await login(running, injection, abort);
    const results = [await connection.client.query({ text, rowMode: 'array' })].flat();
    connection.release();
    return (results.at(-1)?.rows as unknown[][] | undefined)?.[0]?.[0];
  } catch (cause) {
    connection?.destroy();
    if (cause instanceof FaultError) throw cause;
    const why = abort.aborted ? `no answer within ${answerWithinMs / 1000} s` : reasonOf(cause);
    throw new FaultError(`${id}: ${what} on ${instance}: ${why}`, { cause });
  } finally {
    abort.removeEventListener('abort', cut);
  }
}

async function login(
  running: Running,
  { id, instance, spec }: Injection,
  abort: AbortSignal,
): Promise<Connection> {
  const { administrator } = await running.address(instance);
  if (administrator === undefined)
    throw new FaultError(
      `${id}: ${victimOf(spec)} (${instance}) is no database of this platform: name the role of one`,
    );
  return connect(administrator, { ...administrator, hosts: running.hosts }, abort);
}

function reasonOf(error: unknown): string {
  const { message, code } = (error instanceof ConnectError ? (error.cause ?? error) : error) as {
    readonly message: string;
    readonly code?: string;
  };
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
