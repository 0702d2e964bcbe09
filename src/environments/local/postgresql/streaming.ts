import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../../environment.ts';
import type { MemberLayout } from '../layout.ts';
import type { Cluster } from './cluster.ts';
import { asAdmin, type Query } from './sql.ts';

const withinMs = 30_000;
const pollMs = 20;

/**
 * Waits until the primary says that each of the standbys streams, and, where commits wait for one, that it counts.
 * @throws EnvironmentError naming those that do not
 */
export async function untilStreaming(cluster: Cluster, primary: MemberLayout, standbys: readonly MemberLayout[]): Promise<void> {
  await asAdmin(cluster, primary, async (query) => {
    for (const limit = performance.now() + withinMs; ; await sleep(pollMs)) {
      const streaming = await streamingNames(cluster, query);
      const missing = standbys.filter(({ instance }) => !streaming.includes(instance));
      if (missing.length === 0) return;
      if (performance.now() >= limit) {
        const names = missing.map(({ instance }) => instance).join(', ');
        throw new EnvironmentError(`${names} did not stream from ${primary.instance} within ${withinMs / 1000}s: its log is in the report folder`);
      }
    }
  });
}

async function streamingNames({ layout }: Cluster, query: Query): Promise<readonly unknown[]> {
  const counts = layout.synchronous ? `and sync_state in ('sync', 'quorum')` : '';
  return (await query(`select application_name from pg_stat_replication where state = 'streaming' ${counts}`)).map(([name]) => name);
}
