import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Layout } from './layout.ts';

/** What the keeper mounts, in this order: everything hidden first. Whatever is not named becomes read-only. */
export type Mounts = readonly Mount[];

export interface Mount {
  readonly how: 'hide' | 'show' | 'write';
  readonly path: string;
  /** What is mounted there, opened before anything is hidden; `-` for `hide`. */
  readonly source: string;
}

/** Sockets of the machine's own services, other users' files, and where programs leave things lying. */
const hiddenAlways = ['/root', '/run', '/tmp', '/var/tmp'];
/** Folders of a home that hold keys and logins: never shown, even when a tool lives in one. */
const privateFolders = /^\.(?:aws|azure|config|docker|gnupg|kube|netrc|ssh)$/;

/**
 * @param exposed real paths of programs; where they lie in a hidden folder they are shown (read-only), a home's by the
 * top folder they stand in, as an interpreter's libraries stand beside it
 */
export async function planMounts(layout: Layout, exposed: readonly string[]): Promise<Mounts> {
  const hidden = await hiddenFolders(layout.runDir);
  const isHidden = (path: string): boolean => hidden.some((folder) => path.startsWith(`${folder}/`));
  const shown = [...new Set(exposed.filter(isHidden).map(shownFor))];
  return [
    ...hidden.map((path) => ({ how: 'hide', path, source: '-' }) as const),
    // Before the rest: what is shown may itself lie below /tmp.
    { how: 'write', path: '/tmp', source: layout.tmp },
    ...shown.map((path) => ({ how: 'show', path, source: path }) as const),
    { how: 'show', path: layout.runDir, source: layout.runDir },
    ...(await etcFiles(layout)),
    ...layout.writable.map((path) => ({ how: 'write', path, source: path }) as const),
  ];
}

async function hiddenFolders(runDir: string): Promise<readonly string[]> {
  const runs = dirname(runDir);
  // A folder directly below / may hold the system itself.
  const candidates = [...hiddenAlways, ...[homedir(), runs].filter((path) => path.split('/').length > 2)];
  const real = await Promise.all(candidates.map(realFolder));
  return [...new Set(real.filter((path) => path !== null))].sort();
}

async function realFolder(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : null;
  } catch {
    return null;
  }
}

function shownFor(program: string): string {
  const home = homedir();
  if (process.getuid?.() === 0 || !program.startsWith(`${home}/`)) return program;
  const top = program.slice(home.length + 1).split('/')[0] ?? '';
  return privateFolders.test(top) || join(home, top) === program ? program : join(home, top);
}

/** Only the platform's names resolve: no DNS, no other name service. */
async function etcFiles(layout: Layout): Promise<Mounts> {
  const mounts = ['hosts', 'nsswitch.conf', 'resolv.conf'].map(async (name): Promise<Mounts> => {
    try {
      return [{ how: 'show', path: await realpath(`/etc/${name}`), source: join(layout.etc, name) }];
    } catch {
      return [];
    }
  });
  return (await Promise.all(mounts)).flat();
}
