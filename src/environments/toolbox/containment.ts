import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { EnvironmentError } from '../environment.ts';
import type { Mounts } from './mounts.ts';
import { findProgram } from './programs.ts';
import { keeper } from './scripts.ts';
import type { Account } from './toolbox.ts';

/**
 * What keeps commands from the rest of the machine. A program runs inside as `[...enter, ...drop, program]`;
 * between the two stands what has to see all of a session's processes. Both replace themselves: the process that is
 * spawned is the one whose end ends the session.
 */
export interface Containment {
  /** Into the namespaces, still with the rights to set them up. */
  readonly enter: readonly string[];
  /** Down to the account, for good. */
  readonly drop: readonly string[];
  /** Whether only the platform's names resolve, and do so for every program. */
  readonly privateHosts: boolean;
  /** Whether the end of a session's first process ends all of its processes. */
  readonly ownProcesses: boolean;
  readonly limits: readonly string[];
  close(): Promise<void>;
}

const network =
  "the network is the machine's: addresses in a command's text are checked, one that a program makes up itself is not stopped";

/**
 * Tries namespaces and does without where they are refused: what is possible is found out by doing it, as kernels,
 * container engines and security modules each have switches of their own.
 * @throws EnvironmentError when drillbook runs as root and cannot give up its rights
 */
export async function openContainment(mounts: Mounts, account: Account | null): Promise<Containment> {
  const programs = await namespacePrograms();
  if (programs !== null) {
    const kept = await keep(programs, mounts, account);
    if (kept !== null) return kept;
  }
  return openUncontained(account);
}

interface NamespacePrograms {
  readonly bash: string;
  readonly nsenter: string;
  readonly setpriv: string;
  readonly unshare: string;
}

async function namespacePrograms(): Promise<NamespacePrograms | null> {
  if (process.platform !== 'linux') return null;
  const [bash, nsenter, setpriv, unshare] = await Promise.all(
    ['bash', 'nsenter', 'setpriv', 'unshare'].map((name) => findProgram(name)),
  );
  return bash && nsenter && setpriv && unshare ? { bash, nsenter, setpriv, unshare } : null;
}

async function keep(
  programs: NamespacePrograms,
  mounts: Mounts,
  account: Account | null,
): Promise<Containment | null> {
  const { bash, unshare } = programs;
  const drop = dropRights(programs, account);
  const user = isRoot() ? [] : ['--user', '--map-root-user'];
  const words = mounts.flatMap(({ how, path, source }) => [how, path, source]);
  const child = spawn(
    unshare,
    [...user, '--mount', bash, '--noprofile', '--norc', '-c', keeper, 'drillbook-keeper', ...words],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: 'C' },
    },
  );
  const writable = await untilReady(child);
  if (writable === null || child.pid === undefined) return null;
  for (const proc of [['--mount-proc'], []]) {
    const enter = enterNamespaces(programs, child.pid, proc);
    if (await succeeds([...enter, ...drop, bash, '-c', ':'])) {
      const limits = [...writable.map((path) => `${path} could not be made read-only`), network];
      if (proc.length === 0)
        limits.unshift(
          'commands can see, but not signal, the processes of the machine: a /proc of their own was refused',
        );
      return { enter, drop, privateHosts: true, ownProcesses: true, limits, close: () => end(child) };
    }
  }
  await end(child);
  return null;
}

/** Mounts that stayed writable once the keeper says it is ready; null when it could not get there. */
async function untilReady(child: ChildProcess): Promise<readonly string[] | null> {
  let said = '';
  return new Promise((resolve) => {
    child.on('error', () => resolve(null));
    child.on('exit', () => resolve(null));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!said.endsWith('ready\n')) return;
      const lines = said.split('\n').filter((line) => line.startsWith('writable '));
      resolve(lines.map((line) => line.slice('writable '.length)));
    });
  });
}

/**
 * `setpriv` comes after `nsenter`, as entering a user namespace clears the parent-death signal; with it and
 * `--kill-child`, a killed drillbook takes every session along.
 */
function enterNamespaces(
  programs: NamespacePrograms,
  pid: number,
  proc: readonly string[],
): readonly string[] {
  const { nsenter, setpriv, unshare } = programs;
  const user = isRoot() ? [] : [`--user=/proc/${pid}/ns/user`, '--preserve-credentials'];
  const apart = [unshare, '--pid', '--mount', '--fork', '--kill-child', ...proc, '--'];
  return [
    nsenter,
    ...user,
    `--mount=/proc/${pid}/ns/mnt`,
    '--',
    setpriv,
    '--pdeathsig',
    'KILL',
    '--',
    ...apart,
  ];
}

/**
 * For an ordinary user a second user namespace inside the first: there the account has no rights over the mounts.
 * @throws EnvironmentError as root without an account to become
 */
function dropRights(
  { setpriv, unshare }: Pick<NamespacePrograms, 'setpriv' | 'unshare'>,
  account: Account | null,
): readonly string[] {
  const last = [setpriv, '--no-new-privs', '--pdeathsig', 'KILL'];
  if (isRoot()) {
    const { uid, gid } = requireAccount(account);
    return [
      ...last,
      '--reuid',
      String(uid),
      '--regid',
      String(gid),
      '--clear-groups',
      '--inh-caps=-all',
      '--',
    ];
  }
  const user = [`--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`];
  return [unshare, '--user', ...user, '--', ...last, '--'];
}

/** @throws EnvironmentError when drillbook runs as root and cannot give up its rights */
export async function openUncontained(account: Account | null): Promise<Containment> {
  const limits = [
    'namespaces are not to be had here: commands can write wherever the account may, and see its other processes',
    'names outside the platform resolve as on the machine; those of the platform resolve for curl alone',
    'a process that leaves its session and clears its environment is not ended with the toolbox',
    network,
  ];
  const setpriv = await findProgram('setpriv');
  // Only util-linux has it, and only on Linux is there a parent-death signal.
  const tied = setpriv !== null && process.platform === 'linux' ? [setpriv, '--pdeathsig', 'KILL', '--'] : [];
  const enter = isRoot() ? becomeAccount(setpriv, account) : tied;
  return { enter, drop: tied, privateHosts: false, ownProcesses: false, limits, close: async () => {} };
}

function becomeAccount(setpriv: string | null, account: Account | null): readonly string[] {
  const { uid, gid } = requireAccount(account);
  if (setpriv === null) {
    throw new EnvironmentError(
      'The toolbox cannot run commands as an unprivileged user: setpriv (util-linux) is not on this machine. Install it, or run drillbook as an ordinary user.',
    );
  }
  return [
    setpriv,
    '--no-new-privs',
    '--pdeathsig',
    'KILL',
    '--reuid',
    String(uid),
    '--regid',
    String(gid),
    '--clear-groups',
    '--',
  ];
}

function requireAccount(account: Account | null): Account {
  if (account !== null && account.uid !== 0) return account;
  throw new EnvironmentError(
    'The toolbox never runs a command as root: give it the account of an unprivileged user.',
  );
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function succeeds([program = '', ...args]: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { stdio: 'ignore', env: {} });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
