import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../../environment.ts';
import type { MemberLayout } from '../layout.ts';
import type { Cluster } from './cluster.ts';
import { asAdmin, type Query } from './sql.ts';

const withinMs = 30_000;
const pollMs = 20;

/**
 * Waits until each of the standbys streams and has replayed all that the primary had when the wait began, and, where commits wait for
 * standbys, until it counts as one.
 * @throws EnvironmentError naming those that do not
 */
export async function untilStreaming(
  cluster: Cluster,
  primary: MemberLayout,
  standbys: readonly MemberLayout[],
): Promise<void> {
  if (standbys.length === 0) return;
  await asAdmin(cluster, primary, async (query) => {
    const [[written] = []] = await query('select pg_current_wal_lsn()');
    for (const limit = performance.now() + withinMs; ; await sleep(pollMs)) {
      const streaming = await streamingNames(cluster, query, String(written));
      const missing = standbys.filter(({ instance }) => !streaming.includes(instance));
      if (missing.length === 0) return;
      if (performance.now() >= limit) {
        const names = missing.map(({ instance }) => instance).join(', ');
        throw new EnvironmentError(
          `${names} did not stream from ${primary.instance} within ${withinMs / 1000}s: its log is in the report folder`,
        );
      }
    }
  });
}

async function streamingNames(
  { layout }: Cluster,
  query: Query,
  written: string,
): Promise<readonly unknown[]> {
  const counts = layout.synchronous ? `and sync_state in ('sync', 'quorum')` : '';
  const rows = `select application_name from pg_stat_replication where state = 'streaming' and replay_lsn >= '${written}' ${counts}`;
  return (await query(rows)).map(([name]) => name);
}
