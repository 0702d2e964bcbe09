import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo } from '../account.ts';
import type { MemberLayout } from '../layout.ts';
import type { Cluster } from './cluster.ts';
import { copyData } from './copy-data.ts';
import { asAdmin } from './sql.ts';

/** Contents that a backup must not have, or need not: PostgreSQL makes them anew ("Making a Base Backup Using the Low Level API"). */
const emptied = [
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
];
const left = ['postmaster.pid', 'postmaster.opts', 'standby.signal', 'recovery.signal'];

/** Longer than one takes, shorter than a person waits. */
const withinMs = 120_000;

/**
 * Copies a running member's data to another member's folder, whose own data is lost by it. The WAL since then comes by streaming.
 * Start and stop belong to one connection: a backup ends with it.
 */
export async function baseBackup(cluster: Cluster, from: MemberLayout, to: MemberLayout): Promise<void> {
  const { account } = cluster.run.layout;
  const [source, target] = [cluster.run.paths.data(from.instance), cluster.run.paths.data(to.instance)];
  await rm(target, { recursive: true, force: true });
  const label = await asAdmin(
    cluster,
    from,
    async (query) => {
      await query(`select pg_backup_start('drillbook', fast => true)`);
      await copyData(account, source, target, skip);
      const [row = []] = await query('select labelfile from pg_backup_stop(wait_for_archive => false)');
      return String(row[0]);
    },
    withinMs,
  );
  await writeFile(join(target, 'backup_label'), label, { mode: 0o600 });
  await giveTo(account, join(target, 'backup_label'));
}

/** Temporary tables and files are of sessions that the copy does not have. */
function skip(path: string): boolean {
  return (
    left.includes(path) ||
    emptied.some((folder) => path === folder || path.startsWith(`${folder}/`)) ||
    /(^|\/)pgsql_tmp/.test(path)
  );
}
