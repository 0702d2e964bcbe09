import { type ChildProcess, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Containment } from './containment.ts';
import type { Layout } from './layout.ts';
import { killMarked, send, signalMarked } from './leftovers.ts';
import { driver, supervisor } from './scripts.ts';
import type { Workshop } from './session.ts';
import type { Account } from './toolbox.ts';

const run = promisify(execFile);

interface Place {
  readonly bash: string;
  readonly environment: { readonly [name: string]: string };
  readonly layout: Layout;
  readonly containment: Containment;
}

/** How sessions of one toolbox are started and ended. */
export function workshop(
  { bash, environment, layout, containment }: Place,
  account: Account | null,
): Workshop {
  const shell = [...containment.drop, bash, '--noprofile', '--norc', '-c', driver, 'bash'];
  const sleep = join(layout.bin, 'sleep');
  return {
    root: layout.root,
    argv: [
      ...containment.enter,
      bash,
      '--noprofile',
      '--norc',
      '-c',
      supervisor,
      'drillbook-session',
      layout.work,
      sleep,
      ...shell,
    ],
    environment,
    async makeFifo(path) {
      await run(join(layout.bin, 'mkfifo'), ['-m', '600', path]);
      if (account !== null) await chown(path, account.uid, account.gid);
    },
    signal: containment.ownProcesses ? signalNamespace : signalSession,
  };
}

/** The session's first process passes SIGTERM on to all others; its own end takes them along. */
async function signalNamespace(
  child: ChildProcess,
  _session: string,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const first = onlyChild(child.pid);
  if (first !== null) send(first, signal);
  else if (signal === 'SIGKILL') send(child.pid, signal);
}

/** `unshare`'s child is process 1 inside; null before it is there, or where the kernel does not tell. */
function onlyChild(pid: number): number | null {
  try {
    return Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

/** Without a namespace the session's variable tells its processes. */
async function signalSession(
  child: ChildProcess,
  session: string,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  const marker = `DRILLBOOK_SESSION=${session}`;
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
    send(child.pid, signal);
  if (signal === 'SIGKILL') await killMarked(marker);
  else await signalMarked(marker, signal);
}
