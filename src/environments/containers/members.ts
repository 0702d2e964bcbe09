import { Client } from 'pg';
import { connectRedis, infoFields } from '../../clients/redis.ts';
import { EnvironmentError } from '../environment.ts';
import type { ComponentLayout, InstanceLayout } from './layout.ts';
import { type ContainersRun, inspect } from './run.ts';
import { databaseAccess, redisPassword } from './substitution.ts';

const answerWithinMs = 700;

/** What a member says of itself at this moment. */
export interface Answer {
  readonly instance: InstanceLayout;
  readonly primary: boolean;
  /** The higher one is the newer primary: time line of PostgreSQL; of Redis how many replicas follow it. */
  readonly rank: number;
  /** A replica that receives from its primary. */
  readonly streaming: boolean;
  /** A replica that somebody told not to apply what it receives. */
  readonly paused: boolean;
}

/** Members that answer now; those that do not run, are paused or run apart are not asked. */
export async function askMembers(run: ContainersRun, component: ComponentLayout): Promise<readonly Answer[]> {
  const answers = await Promise.all(
    component.instances.map((instance) => askMember(run, component, instance)),
  );
  return answers.filter((answer) => answer !== null);
}

export async function askMember(
  run: ContainersRun,
  component: ComponentLayout,
  instance: InstanceLayout,
): Promise<Answer | null> {
  const found = await inspect(run, instance);
  if (found === null || !found.State.Running || found.State.Paused) return null;
  if ((await run.state.get('apart', instance.instance)) !== null) return null;
  try {
    return await askPart(run, component, instance);
  } catch {
    return null; // no answer is an answer: it cannot be counted on now
  }
}

/** @throws what keeps it from answering */
export function askPart(
  run: ContainersRun,
  component: ComponentLayout,
  instance: InstanceLayout,
): Promise<Answer> {
  const { speaks } = component.spec;
  return speaks !== undefined && 'redis' in speaks
    ? askRedis(run, component, instance)
    : askPostgres(run, component, instance);
}

/** Time line from the WAL file in use: `pg_control_checkpoint()` shows the old one until the first checkpoint after a promotion. */
const question = `select pg_is_in_recovery(),
  case when pg_is_in_recovery() then null else substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end,
  exists (select from pg_stat_wal_receiver where status = 'streaming'),
  case when pg_is_in_recovery() then pg_is_wal_replay_paused() else false end`;

async function askPostgres(
  run: ContainersRun,
  component: ComponentLayout,
  instance: InstanceLayout,
): Promise<Answer> {
  const access = databaseAccess(run, component);
  if (access === null) throw new EnvironmentError(`${component.component} speaks no PostgreSQL`);
  const client = new Client({
    host: instance.hostAddress,
    port: publishedPort(component, instance),
    user: access.adminUser,
    password: access.adminPassword,
    database: 'postgres',
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
    application_name: 'drillbook',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<unknown[]>({ text: question, rowMode: 'array' });
    const [inRecovery, timeLine, streaming, paused] = rows[0] ?? [];
    return {
      instance,
      primary: inRecovery === false,
      rank: Number.parseInt(String(timeLine ?? '0'), 16),
      streaming: streaming === true,
      paused: paused === true,
    };
  } finally {
    // The goodbye of a server that hangs is not waited for.
    void client.end().catch(() => undefined);
  }
}

async function askRedis(
  run: ContainersRun,
  component: ComponentLayout,
  instance: InstanceLayout,
): Promise<Answer> {
  const server = { host: instance.hostAddress, port: publishedPort(component, instance) };
  const password = redisPassword(run, component);
  const abort = AbortSignal.timeout(answerWithinMs);
  const connection = await connectRedis(
    server,
    { hosts: {}, ...(password !== undefined && { password }) },
    abort,
  );
  const cut = () => connection.destroy();
  abort.addEventListener('abort', cut, { once: true });
  try {
    const fields = infoFields(await connection.call('INFO', 'replication'));
    return {
      instance,
      primary: fields.get('role') === 'master',
      rank: Number(fields.get('connected_slaves') ?? 0),
      streaming: fields.get('master_link_status') === 'up',
      paused: false,
    };
  } finally {
    abort.removeEventListener('abort', cut);
    connection.destroy();
  }
}

/** @throws EnvironmentError when the platform file gives the component no port */
export function publishedPort({ component, spec }: ComponentLayout, { ports }: InstanceLayout): number {
  const port = spec.port === undefined ? undefined : ports[spec.port];
  if (port === undefined)
    throw new EnvironmentError(`${component} has no port: give it "port" in the platform file`);
  return port;
}
