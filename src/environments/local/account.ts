import { constants } from 'node:fs';
import { access, chown, readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { EnvironmentError } from '../environment.ts';

/** The unprivileged user that databases and toolbox commands run as when drillbook was started by root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * A user of its own keeps runs apart from everything else of the machine, so `drillbook` is preferred where somebody made it; `nobody`
 * is there everywhere. Never `postgres`: commands of a runbook must not own a real database of this machine.
 * A bare number will not do: `initdb` looks its user up by name.
 */
const accountNames = ['drillbook', 'nobody'];

/** Null for an ordinary user: everything then runs as that user. @throws EnvironmentError when root finds none of the names above */
export async function unprivilegedAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const passwd = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of accountNames) {
    const [, , uid, gid] = passwd.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined && Number(uid) > 0)
      return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new EnvironmentError(
    `started by root, and this machine has no unprivileged user (${accountNames.join(', ')}) to run databases and commands as: add one with "useradd --system drillbook", or start drillbook as an ordinary user`,
  );
}

/** True when the user drillbook runs as has a name, which `initdb` insists on. */
export function userHasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false; // a container started with a bare uid
  }
}

/** Gives a file or folder to the account; for an ordinary user it belongs to the right one already. */
export async function giveTo(account: Account | null, path: string): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid);
}

/**
 * True when the account can read the path and walk every folder above it. Without an account: whether this process can.
 * Access lists are not looked at, which can only say no where the truth is yes.
 */
export async function canReach(account: Account | null, path: string): Promise<boolean> {
  if (account === null) return canAccess(path);
  const target = resolve(path);
  if (!(await permits(account, target, constants.S_IROTH))) return false;
  for (let folder = dirname(target); ; folder = dirname(folder)) {
    if (!(await permits(account, folder, constants.S_IXOTH))) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function canAccess(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** `bit` is the permission for others; owner and group have theirs 6 and 3 bits higher. */
async function permits(account: Account, path: string, bit: number): Promise<boolean> {
  try {
    const { mode, uid, gid } = await stat(path);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    return (mode & (bit << shift)) !== 0;
  } catch {
    return false;
  }
}
