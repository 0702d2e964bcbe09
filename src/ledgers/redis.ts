import { ConnectError } from '../clients/connecting.ts';
import {
  connectRedis,
  connectRedisPrimary,
  infoFields,
  isRefusal,
  type RedisAccess,
  type RedisConnection,
  type RedisReply,
  redisErrorCode,
} from '../clients/redis.ts';
import { defaults } from '../definition/defaults.ts';
import type { LedgerSpec } from '../definition/observing.ts';
import type { Address, RedisLogin } from '../environments/environment.ts';
import { formatId } from './id-list.ts';
import { type Ack, type Ledger, LedgerError, type LedgerTarget, type WriteId } from './ledger.ts';
import { readStream } from './redis-stream.ts';

type RedisLedgerSpec = Extract<LedgerSpec, { kind: 'redis' }>;

const setUpWithinMs = 10_000;

/**
 * One entry a write in a stream, where a second copy of a write stands beside the first (a set would hide it). One
 * connection a writer, to the server of the role or, where the role means the primary, to the first member that says it
 * is that one. A write is `acked` when the server stored it and, with `wait`, that many replicas said that they have it.
 * Fewer, no answer, or a connection that is lost after the write went out: `indeterminate`. A refusal: `failed`.
 *
 * `instance` is the address of the server that acknowledged, and its time line the number of its replication id, counted
 * in the order in which this ledger saw them: a server takes a new id when it is promoted, so a primary that was
 * cut off and went on shows as an old time line beside a newer one.
 * @throws LedgerError when the address is a database of another kind
 */
export function createRedisLedger(target: LedgerTarget, spec: RedisLedgerSpec): Ledger {
  const login = loginOf(target, target.address);
  const writing: Writing = {
    key: keyOf(target),
    open: opener(target, login),
    writers: new Map(),
    timeLines: new Map(),
    wait: spec.wait ?? 0,
    waitMs: Math.max(1, spec['wait-timeout'] ?? spec.deadline ?? defaults.ledgerDeadlineMs),
  };
  return {
    setUp: () => setUp(target, writing),
    write: (id, abort) => write(writing, id, abort),
    readAll: (instance) => readStream(target.name, writing.key, instance, accessOf(target, instance)),
    async close() {
      for (const connection of writing.writers.values()) connection.destroy();
      writing.writers.clear();
    },
  };
}

/** A role of a component that is no group of servers is one server without a password. */
function loginOf(
  { name, spec }: LedgerTarget,
  { redis, database, instance, host, port }: Address,
): RedisLogin {
  if (redis !== undefined) return redis;
  if (database === undefined) return { members: [{ instance, host, port }], followsPrimary: false };
  throw new LedgerError(
    `ledger ${name}: role ${spec.role} is a PostgreSQL database; name the role of a Redis, or make the ledger one of kind postgres`,
  );
}

function accessOf(target: LedgerTarget, { redis }: Address): RedisAccess {
  const password = redis?.password ?? target.address.redis?.password;
  return { hosts: target.hosts, ...(password !== undefined && { password }) };
}

const keyOf = ({ name }: LedgerTarget): string => `drillbook:ledger:${name}`;

type Open = (abort: AbortSignal) => Promise<RedisConnection>;

function opener(target: LedgerTarget, { members, followsPrimary }: RedisLogin): Open {
  const access = accessOf(target, target.address);
  return followsPrimary
    ? (abort) => connectRedisPrimary(members, access, abort)
    : (abort) => connectRedis(target.address, access, abort);
}

async function setUp({ name }: LedgerTarget, { open, key }: Writing): Promise<void> {
  const abort = AbortSignal.timeout(setUpWithinMs);
  let connection: RedisConnection | null = null;
  const cut = () => connection?.destroy();
  abort.addEventListener('abort', cut, { once: true });
  try {
    connection = await open(abort);
    await connection.call('DEL', key);
  } catch (error) {
    const why = abort.aborted ? `no answer within ${setUpWithinMs / 1000} s` : (error as Error).message;
    throw new LedgerError(`ledger ${name}: cannot make its stream ${key}: ${why}`, { cause: error });
  } finally {
    abort.removeEventListener('abort', cut);
    connection?.destroy();
  }
}

interface Writing {
  readonly key: string;
  readonly open: Open;
  readonly writers: Map<number, RedisConnection>;
  /** Replication ids that were seen, numbered. */
  readonly timeLines: Map<string, number>;
  readonly wait: number;
  readonly waitMs: number;
}

async function write(writing: Writing, id: WriteId, abort: AbortSignal): Promise<Ack> {
  let connection: RedisConnection;
  try {
    connection = await connectionOf(writing, id.writer, abort);
  } catch (error) {
    return { outcome: 'failed', detail: error instanceof ConnectError ? error.code : redisErrorCode(error) };
  }
  const { ack, keep } = await send(writing, connection, id, abort);
  if (!keep) {
    writing.writers.delete(id.writer);
    connection.destroy();
  }
  return ack;
}

async function connectionOf(
  { writers, open }: Writing,
  writer: number,
  abort: AbortSignal,
): Promise<RedisConnection> {
  if (abort.aborted) throw new ConnectError('timeout', abort.reason);
  const known = writers.get(writer);
  if (known?.alive()) return known;
  const connection = await open(abort);
  writers.set(writer, connection);
  return connection;
}

interface Sent {
  readonly ack: Ack;
  /** Whether the next write may use this connection. */
  readonly keep: boolean;
}

/** One round trip: the write and who took it, as one transaction, and then the wait for replicas. */
async function send(
  writing: Writing,
  connection: RedisConnection,
  id: WriteId,
  abort: AbortSignal,
): Promise<Sent> {
  const cut = () => connection.destroy();
  abort.addEventListener('abort', cut, { once: true });
  const [begun, queued, , executed, waited] = await Promise.allSettled([
    connection.call('MULTI'),
    connection.call('XADD', writing.key, '*', 'id', formatId(id)),
    connection.call('INFO', 'replication'),
    connection.call('EXEC'),
    writing.wait === 0 ? null : connection.call('WAIT', writing.wait, writing.waitMs),
  ]);
  abort.removeEventListener('abort', cut);
  const lost = (error: unknown) => (abort.aborted ? 'timeout' : redisErrorCode(error));
  if (executed.status === 'rejected') {
    const refusal = refusalOf(begun, queued, executed);
    const ack: Ack =
      refusal === null
        ? { outcome: 'indeterminate', detail: lost(executed.reason) }
        : { outcome: 'failed', detail: redisErrorCode(refusal) };
    return { ack, keep: false };
  }
  const { refused, role, replicationId } = taken(executed.value);
  if (refused !== null) return { ack: { outcome: 'failed', detail: redisErrorCode(refused) }, keep: false };
  const by = { instance: connection.instance, ...timeLineOf(writing, replicationId) };
  const missing =
    waited.status === 'rejected' ? lost(waited.reason) : replicasMissing(writing.wait, waited.value);
  if (missing !== null)
    return { ack: { outcome: 'indeterminate', detail: missing, ...by }, keep: waited.status === 'fulfilled' };
  const primary = role === 'master';
  return { ack: { outcome: 'acked', ...by, ...(!primary && { detail: `role ${role}` }) }, keep: primary };
}

/**
 * What the server said in place of storing the write; null when it may have stored it. A write that was refused when it
 * was queued is not in the transaction; without a transaction nobody knows how the commands went.
 */
function refusalOf(
  begun: PromiseSettledResult<RedisReply>,
  queued: PromiseSettledResult<RedisReply>,
  executed: PromiseRejectedResult,
): Error | null {
  if (queued.status === 'rejected' && isRefusal(queued.reason)) return queued.reason;
  if (begun.status === 'rejected') return null;
  return isRefusal(executed.reason) ? executed.reason : null;
}

interface Taken {
  /** The write itself failed in the transaction. */
  readonly refused: Error | null;
  readonly role: string;
  readonly replicationId: string | null;
}

function taken(reply: RedisReply): Taken {
  const [stored, info] = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
  const fields = infoFields(info ?? null);
  return {
    refused: stored instanceof Error ? stored : null,
    role: fields.get('role') ?? 'unknown',
    replicationId: fields.get('master_replid') ?? null,
  };
}

function timeLineOf({ timeLines }: Writing, id: string | null): { timeLine?: number } {
  if (id === null) return {};
  const timeLine = timeLines.get(id) ?? timeLines.size + 1;
  timeLines.set(id, timeLine);
  return { timeLine };
}

/** In words, when fewer replicas have the write than were asked for. */
function replicasMissing(wait: number, reply: RedisReply): string | null {
  return wait === 0 || (typeof reply === 'number' && reply >= wait) ? null : `WAIT ${reply} of ${wait}`;
}
