import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo } from '../account.ts';
import type { MemberLayout } from '../layout.ts';
import type { LocalRun } from '../run.ts';
import type { Cluster } from './cluster.ts';

/** How a member runs that is none of its cluster at this time. See StartMode. */
export type Apart = 'isolated' | 'returned';

/**
 * Nobody is followed, nothing of the forked time line gets into the archive, and nothing is changed by the server itself. It reads the WAL
 * that it has and no other: that of the new time line would lead one in recovery away from its own rows.
 */
const alone = {
  primary_conninfo: '',
  archive_mode: 'off',
  synchronous_standby_names: '',
  default_transaction_read_only: 'on',
  autovacuum: 'off',
  // After a crash a server syncs its whole data folder before it starts: commits of the others would wait for the disk.
  fsync: 'off',
  recovery_target_timeline: 'current',
  restore_command: '',
};

const settings: { readonly [mode in Apart]: { readonly [name: string]: string } } = {
  // For drillbook's eyes only: no TCP.
  isolated: { ...alone, listen_addresses: '' },
  returned: { ...alone, hot_standby: 'on' },
};

/** How a member runs apart from its cluster; null when it does not. */
export async function apartAs({ state }: LocalRun, instance: string): Promise<Apart | null> {
  const mode = await state.get('apart', instance);
  return mode === 'isolated' || mode === 'returned' ? mode : null;
}

/**
 * Notes that a member runs apart from now on. One that returns gets the file of a standby that follows nobody: in recovery no client can
 * write, whatever it sets, and programs that look for the primary see that this is none.
 * @returns the server's arguments
 */
export async function setApart(
  { run }: Cluster,
  { instance }: MemberLayout,
  mode: Apart,
): Promise<readonly string[]> {
  await run.state.set('apart', instance, mode);
  if (mode === 'returned') {
    const signal = join(run.paths.data(instance), 'standby.signal');
    await writeFile(signal, '', { mode: 0o600 });
    await giveTo(run.layout.account, signal);
  }
  return Object.entries(settings[mode]).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
