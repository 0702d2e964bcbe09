import { Client } from 'pg';
import { EnvironmentError } from '../../environment.ts';
import type { MemberLayout } from '../layout.ts';
import { adminUser } from '../substitution.ts';
import type { Cluster } from './cluster.ts';

export type Query = (text: string) => Promise<readonly (readonly unknown[])[]>;

/** How long drillbook waits for a member's answer before it goes on without. */
const defaultTimeoutMs = 10_000;

/**
 * Asks a member as its administrator over the Unix socket in the run folder: the way in that no fault of the network and no
 * isolation closes. Rows are arrays of columns.
 * @throws EnvironmentError when it does not answer in time or answers with an error
 */
export async function asAdmin<T>(
  cluster: Cluster,
  member: MemberLayout,
  work: (query: Query) => Promise<T>,
  timeoutMs = defaultTimeoutMs,
): Promise<T> {
  const client = new Client({
    host: cluster.run.paths.socket(member.ordinal),
    port: member.port,
    user: adminUser,
    password: cluster.passwords.admin,
    database: adminUser,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: 'drillbook',
  });
  // A member that dies while it is being asked answers with the failed query; the connection's own event says nothing more.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(async (text) => (await client.query({ text, rowMode: 'array' })).rows as unknown[][]);
  } catch (cause) {
    throw new EnvironmentError(`${member.instance}: ${(cause as Error).message}`, { cause });
  } finally {
    await closeWithin(client, timeoutMs);
  }
}

/** `end()` waits for a server's goodbye, which one that is stopped never says. */
async function closeWithin(client: Client, timeoutMs: number): Promise<void> {
  const ended = client.end().catch(() => undefined);
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(timeoutMs, 1000));
  await Promise.race([ended, late]);
  clearTimeout(timer);
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
