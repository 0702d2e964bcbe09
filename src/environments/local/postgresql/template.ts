import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError } from '../../environment.ts';
import { type Account, giveTo } from '../account.ts';
import type { LocalRun } from '../run.ts';
import { exists } from '../run-folder.ts';
import { instanceMarker, runMarker } from '../run-processes.ts';
import { adminUser } from '../substitution.ts';
import { cacheFolder } from './binaries.ts';
import { postgresEnvironment } from './cluster.ts';

/** The same sorting and character set on every machine. Nobody can log in until a member's own rules replace these. */
const initdbArguments = [
  ...['--username', adminUser, '--auth', 'reject', '--encoding', 'UTF8'],
  ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--no-instructions'],
];

/**
 * A data folder as `initdb` makes it, which takes a second or more: made once and kept in the cache, where runs copy it from. Every cluster
 * begins as this one, its system identifier included; what must differ (passwords) is set in the copy. Runs cannot mistake each
 * other's WAL for theirs: to stream it takes the password, and archives lie in the run folders.
 * A point-in-time recovery starts from here, too: a run's archive has all WAL since.
 */
export async function clusterTemplate(run: LocalRun, cache = cacheFolder()): Promise<string> {
  const binaries = run.binaries as string;
  const { account } = run.layout;
  const key = createHash('sha256')
    .update(JSON.stringify([binaries, account?.uid ?? null, initdbArguments]))
    .digest('hex')
    .slice(0, 12);
  const kept = join(cache, `cluster-${key}`);
  if (!(await exists(kept))) await makeTemplate(run, kept);
  return join(kept, 'data');
}

/** Synced, unlike a run's own data: this outlives the machine. */
async function makeTemplate(run: LocalRun, kept: string): Promise<void> {
  const { account } = run.layout;
  const draft = `${kept}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await giveTo(account, draft);
    await initdb(run, join(draft, 'data'), account);
    // Closed to the account from now on, which commands of runbooks run as.
    if (account !== null) await chown(draft, 0, 0);
    await rename(draft, kept);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined); // the cause is what matters
    if (await exists(kept)) return; // another run was first
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new EnvironmentError(`initdb failed: ${stderr.trim() || message}`, { cause });
  }
}

async function initdb(
  { binaries, layout }: LocalRun,
  folder: string,
  account: Account | null,
): Promise<void> {
  await promisify(execFile)(`${binaries}/initdb`, [...initdbArguments, '-D', folder], {
    env: { ...postgresEnvironment, [runMarker]: layout.runId, [instanceMarker]: 'initdb' },
    cwd: '/',
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  });
}
