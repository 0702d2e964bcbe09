import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Settings, settingsText } from '../../postgresql-conf.ts';
import { giveTo } from '../account.ts';
import type { MemberLayout } from '../layout.ts';
import { adminUser, replicationUser } from '../substitution.ts';
import { type Cluster, othersThan } from './cluster.ts';

/**
 * What drillbook sets where the platform file does not. PostgreSQL's own defaults hold for everything else, durability included.
 * - `wal_retrieve_retry_interval`: with its default of 5s a promotion waits up to that long for the WAL receiver.
 * - `wal_keep_size`: a standby that was away for a while can catch up without slots, which would outlive their standbys.
 * - `dynamic_shared_memory_type`: in the data folder, so that nothing stays in /dev/shm after a SIGKILL.
 */
const defaults: Settings = {
  max_connections: 100,
  shared_buffers: '32MB',
  wal_retrieve_retry_interval: '500ms',
  wal_keep_size: '512MB',
  dynamic_shared_memory_type: 'mmap',
  log_line_prefix: '%m [%p] %q%u@%d ',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** Writes a member's whole configuration into its data folder: it may have come there as a copy of another member's. */
export async function writeConfig(
  cluster: Cluster,
  member: MemberLayout,
  part: 'primary' | 'standby',
): Promise<void> {
  const { run, layout } = cluster;
  const data = run.paths.data(member.instance);
  await writeAs(cluster, join(data, 'postgresql.conf'), settingsText(settingsOf(cluster, member, part)));
  await writeAs(cluster, join(data, 'pg_hba.conf'), accessRules);
  await writeAs(cluster, run.paths.passwordFile(layout.component), passwordLine(cluster));
  const standbySignal = join(data, 'standby.signal');
  if (part === 'standby') await writeAs(cluster, standbySignal, '');
  else await rm(standbySignal, { force: true });
  await mkdir(run.paths.socket(member.ordinal), { recursive: true, mode: 0o700 });
  await giveTo(run.layout.account, run.paths.socket(member.ordinal));
}

/** Passwords everywhere, trust nowhere. TCP exists on this machine's loopback addresses only. */
const accessRules = `# type  database     user                  address      method
local   all          all                                scram-sha-256
host    all          all                   127.0.0.0/8  scram-sha-256
host    replication  ${replicationUser} 127.0.0.0/8  scram-sha-256
`;

function settingsOf(cluster: Cluster, member: MemberLayout, part: 'primary' | 'standby'): Settings {
  const { run, layout } = cluster;
  return {
    ...defaults,
    ...layout.settings,
    listen_addresses: member.address,
    port: member.port,
    unix_socket_directories: run.paths.socket(member.ordinal),
    cluster_name: member.instance,
    primary_conninfo: primaryConninfo(cluster, member),
    ...(layout.archive && {
      archive_mode: 'on',
      archive_command: archiveCommand(run.paths.archive(layout.component)),
    }),
    // A promoted standby must not wait for standbys that it does not have; a rejoined one is named then.
    synchronous_standby_names:
      part === 'primary' && layout.synchronous ? synchronousNames(cluster, member) : '',
  };
}

/** Any one of the other members must have a commit before it is acknowledged. */
function synchronousNames(cluster: Cluster, primary: MemberLayout): string {
  const names = othersThan(cluster, primary).map(({ instance }) => `"${instance}"`);
  return names.length === 0 ? '' : `ANY 1 (${names.join(', ')})`;
}

/** Names every other member: a standby follows whichever is primary, as it would behind a host name that moves. */
function primaryConninfo(cluster: Cluster, member: MemberLayout): string {
  const others = othersThan(cluster, member);
  if (others.length === 0) return '';
  const parts = {
    host: others.map(({ address }) => address).join(','),
    port: others.map(({ port }) => port).join(','),
    user: replicationUser,
    passfile: cluster.run.paths.passwordFile(cluster.layout.component),
    application_name: member.instance,
    target_session_attrs: 'read-write',
    connect_timeout: 2,
  };
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${conninfoValue(String(value))}`)
    .join(' ');
}

function conninfoValue(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

/** Never overwrites: a segment that is there already must be the same. Copied aside first, so that a torn copy is never taken for one. */
function archiveCommand(folder: string): string {
  return `cmp -s "%p" "${folder}/%f" || { test ! -e "${folder}/%f" && cp "%p" "${folder}/.%f" && mv "${folder}/.%f" "${folder}/%f"; }`;
}

function passwordLine({ passwords }: Cluster): string {
  return `*:*:*:${replicationUser}:${passwords.replication}\n*:*:*:${adminUser}:${passwords.admin}\n`;
}

async function writeAs({ run }: Cluster, file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  await giveTo(run.layout.account, file);
}
