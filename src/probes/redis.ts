import { randomUUID } from 'node:crypto';
import { ConnectError } from '../clients/connecting.ts';
import {
  connectRedis,
  connectRedisPrimary,
  infoFields,
  type RedisAccess,
  type RedisConnection,
  type RedisReply,
  redisErrorCode,
} from '../clients/redis.ts';
import type { ProbeSpec } from '../definition/observing.ts';
import type { Address } from '../environments/environment.ts';
import { type Observation, type Probe, ProbeError, type ProbeTarget } from './probe.ts';

type RedisProbeSpec = Extract<ProbeSpec, { kind: 'redis' }>;
type Look = (connection: RedisConnection, slot: number) => Promise<Observation>;
type Open = (abort: AbortSignal) => Promise<RedisConnection>;

/** Slots of one probe write to this many keys in turn: overlapping slots never read each other's token. */
const keysPerProbe = 1024;
/** A key that a probe leaves behind is gone after this. */
const keyLivesMs = 600_000;
const longestText = 200;

/**
 * Without a command: sets a key to a token and reads it back. With one: its reply is what was observed, or a field of it.
 * It asks the server of the role or, where the role means the primary, the first member that says it is that one.
 * `fresh` (the default) connects each slot, `pooled` keeps connections as applications do.
 * @throws ProbeError without an address
 */
export function createRedisProbe(target: ProbeTarget, spec: RedisProbeSpec): Probe {
  if (target.address === null)
    throw new ProbeError(
      `probe ${target.name}: role ${spec.role} has no address; name one that the platform has`,
    );
  const open = opener(target.address, target.hosts);
  const look = lookOf(target.name, spec);
  const idle: RedisConnection[] | null = spec.connection === 'pooled' ? [] : null;
  return {
    observe: (slot, abort) => observe({ open, look, idle }, slot, abort),
    async close() {
      for (const connection of idle?.splice(0) ?? []) connection.destroy();
    },
  };
}

function opener(address: Address, hosts: RedisAccess['hosts']): Open {
  const { redis } = address;
  const access: RedisAccess = { hosts, ...(redis?.password !== undefined && { password: redis.password }) };
  return redis?.followsPrimary
    ? (abort) => connectRedisPrimary(redis.members, access, abort)
    : (abort) => connectRedis(address, access, abort);
}

interface RedisProbe {
  readonly open: Open;
  readonly look: Look;
  /** Connections to use again; null: none ever is. */
  readonly idle: RedisConnection[] | null;
}

async function observe(
  { open, look, idle }: RedisProbe,
  slot: number,
  abort: AbortSignal,
): Promise<Observation> {
  if (abort.aborted) return { ok: false, detail: 'timeout' };
  let connection: RedisConnection | null = null;
  const cut = () => connection?.destroy();
  abort.addEventListener('abort', cut, { once: true });
  try {
    connection = takeIdle(idle) ?? (await open(abort));
    const seen = await look(connection, slot);
    if (idle === null) connection.destroy();
    else idle.push(connection);
    return seen;
  } catch (error) {
    connection?.destroy();
    if (abort.aborted) return { ok: false, detail: 'timeout' };
    return { ok: false, detail: error instanceof ConnectError ? error.code : redisErrorCode(error) };
  } finally {
    abort.removeEventListener('abort', cut);
  }
}

function takeIdle(idle: RedisConnection[] | null): RedisConnection | null {
  for (;;) {
    const connection = idle?.pop();
    if (connection === undefined) return null;
    if (connection.alive()) return connection;
  }
}

function lookOf(name: string, { command, field, minus }: RedisProbeSpec): Look {
  if (field !== undefined) return readField(command ?? ['INFO'], field, minus);
  return command === undefined ? setAndReadBack(name) : ask(command);
}

function setAndReadBack(name: string): Look {
  return async (connection, slot) => {
    const key = `drillbook:probe:${name}:${slot % keysPerProbe}`;
    const token = randomUUID();
    await connection.call('SET', key, token, 'PX', keyLivesMs);
    const read = await connection.call('GET', key);
    if (read === token) return { ok: true };
    return { ok: false, detail: `read back ${read === null ? 'nothing' : 'another value'}` };
  };
}

function ask([command = '', ...args]: readonly string[]): Look {
  return async (connection) => observed(await connection.call(command, ...args));
}

/** A list is as long as it is: its text are its items. Nothing at all is no answer. */
function observed(reply: RedisReply): Observation {
  if (reply === null) return { ok: false, detail: 'nil' };
  const text = (Array.isArray(reply) ? reply.flat(8).join(' ') : String(reply)).slice(0, longestText);
  return { ok: true, text, ...numbered(text) };
}

function readField(command: readonly string[], field: string, minus: string | undefined): Look {
  const [name = '', ...args] = command;
  return async (connection) => {
    const fields = infoFields(await connection.call(name, ...args));
    const text = fields.get(field);
    if (text === undefined) return { ok: false, detail: `no field ${field}` };
    if (minus === undefined) return { ok: true, text: text.slice(0, longestText), ...numbered(text) };
    const other = fields.get(minus);
    if (other === undefined) return { ok: false, detail: `no field ${minus}` };
    const value = Number(text) - Number(other);
    return Number.isFinite(value) ? { ok: true, value } : { ok: false, detail: 'no numbers to subtract' };
  };
}

function numbered(text: string): { value?: number } {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? { value } : {};
}
