import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError } from '../../environment.ts';
import { exists } from '../../facts.ts';
import { giveTo } from '../account.ts';
import type { LocalRun } from '../run.ts';
import { instanceMarker, runMarker } from '../run-processes.ts';
import { adminUser, replicationUser } from '../substitution.ts';
import { cacheFolder } from './binaries.ts';
import { type Cluster, postgresEnvironment } from './cluster.ts';
import { inSingleUserMode } from './single-user.ts';
import { quoteName, quoteText } from './sql.ts';

const execute = promisify(execFile);

/**
 * A standby does not start with less of any of these than its copy of the control file says the primary had: so the template has little
 * of each, and a platform may set what it likes.
 */
const leastSettings = {
  max_connections: 10,
  max_worker_processes: 1,
  max_wal_senders: 1,
  max_locks_per_transaction: 10,
};

/** The same sorting and character set on every machine. Nobody can log in until a member's own rules replace these. */
const initdbArguments = [
  ...['--username', adminUser, '--auth', 'reject', '--encoding', 'UTF8'],
  ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--no-instructions'],
  ...Object.entries(leastSettings).flatMap(([setting, value]) => ['--set', `${setting}=${value}`]),
];

export interface ClusterTemplate {
  readonly data: string;
  /** The only login it has: to replace it, and give the other users theirs, is the first thing that is done in a copy. */
  readonly adminPassword: string;
}

/**
 * A data folder with the cluster's users and database in it, which takes seconds to make: made once and kept in the cache, where runs copy it
 * from. Every cluster begins as this one, its system identifier included; what must differ (passwords) is set in the copy. Runs cannot mistake
 * each other's WAL for theirs: to stream it takes the password, and archives lie in the run folders.
 * A point-in-time recovery starts from here, too: a run's archive has all WAL since.
 */
export async function clusterTemplate(cluster: Cluster, cache = cacheFolder()): Promise<ClusterTemplate> {
  const { run } = cluster;
  const made = [
    run.binaries,
    run.layout.account?.uid ?? null,
    initdbArguments,
    statementsOf(cluster, ''),
    mapFile.source,
  ];
  const key = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 12);
  const kept = join(cache, `cluster-${key}`);
  if (!(await exists(kept))) await makeTemplate(cluster, kept);
  return { data: join(kept, 'data'), adminPassword: await readFile(passwordFile(kept), 'utf8') };
}

/**
 * Copies it as the system's own program does: hundreds of small files cost half of what they cost one by one from here. Owners
 * and modes go along, so the copy is the account's as the template is.
 */
export async function copyTemplate({ data }: ClusterTemplate, to: string): Promise<void> {
  await execute('cp', ['-Rp', data, to]);
}

/** The application's user owns its database and may look at the server's statistics (replication lag), no more. */
function statementsOf({ layout }: Cluster, adminPassword: string): readonly string[] {
  const user = quoteName(layout.user);
  return [
    `alter role ${adminUser} password ${quoteText(adminPassword)}`,
    `create role ${quoteName(replicationUser)} login replication`,
    `create role ${user} login`,
    `grant pg_monitor to ${user}`,
    `create database ${quoteName(layout.database)} owner ${user}`,
    // Nothing is made from it here, and a third of the files that every copy and backup would carry are its own.
    `update pg_database set datistemplate = false where datname = 'template0'`,
    'drop database template0',
  ];
}

/** A database's, or of the tables that all have in common. */
const mapFile = /^(?:base\/\d+|global)\/\d+_(?:fsm|vm)$/;

function passwordFile(kept: string): string {
  return join(kept, 'password');
}

/** Synced, unlike a run's own data: this outlives the machine. */
async function makeTemplate(cluster: Cluster, kept: string): Promise<void> {
  const { account } = cluster.run.layout;
  const draft = `${kept}.${randomBytes(4).toString('hex')}`;
  const password = randomBytes(24).toString('base64url');
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await giveTo(account, draft);
    await initdb(cluster.run, join(draft, 'data'));
    await inSingleUserMode(cluster.run, join(draft, 'data'), statementsOf(cluster, password));
    await removeMaps(join(draft, 'data'));
    // Closed to the account from now on, which commands of runbooks run as.
    if (account !== null) await chown(draft, 0, 0);
    await writeFile(passwordFile(draft), password, { mode: 0o600 });
    await rename(draft, kept);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined); // the cause is what matters
    if (await exists(kept)) return; // another run was first
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new EnvironmentError(
      `${cluster.layout.component}: its users and database could not be made: ${stderr.trim() || message}`,
      { cause },
    );
  }
}

/**
 * Removes the free space and visibility maps of all tables, a quarter of the files that every copy and backup would carry. A stopped
 * server's may go: without them no page is known to have room or to be visible to all, which VACUUM and inserts find out anew.
 */
async function removeMaps(data: string): Promise<void> {
  const files = (await readdir(data, { recursive: true })).filter((path) => mapFile.test(path));
  await Promise.all(files.map((path) => rm(join(data, path))));
}

async function initdb({ binaries, layout }: LocalRun, folder: string): Promise<void> {
  const { account, runId } = layout;
  await execute(`${binaries}/initdb`, [...initdbArguments, '-D', folder], {
    env: { ...postgresEnvironment, [runMarker]: runId, [instanceMarker]: 'initdb' },
    cwd: '/',
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  });
}
