import { chmod, chown, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './toolbox.ts';

/** Folders of a toolbox inside the run's folder. */
export interface Layout {
  readonly runDir: string;
  readonly root: string;
  /** All that PATH holds. */
  readonly bin: string;
  /** Copies of the platform's own programs. */
  readonly tools: string;
  readonly etc: string;
  /** Texts of the commands, one file each. */
  readonly commands: string;
  /** One file a command, in which stand-ins leave their names. */
  readonly calls: string;
  readonly home: string;
  readonly work: string;
  readonly tmp: string;
  /** Those that commands may write to. */
  readonly writable: readonly string[];
}

/** The folders, made; those in `writable` belong to the account, the others only to drillbook. */
export async function makeLayout(folder: string, account: Account | null): Promise<Layout> {
  const runDir = await realpath(folder);
  const root = join(runDir, 'toolbox');
  const at = (name: string): string => join(root, name);
  const writable = ['calls', 'home', 'work', 'tmp'].map(at);
  for (const path of [root, ...['bin', 'tools', 'etc', 'commands'].map(at)]) {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
  }
  for (const path of writable) {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o700);
    if (account !== null) await chown(path, account.uid, account.gid);
  }
  return {
    runDir,
    root,
    writable,
    bin: at('bin'),
    tools: at('tools'),
    etc: at('etc'),
    commands: at('commands'),
    calls: at('calls'),
    home: at('home'),
    work: at('work'),
    tmp: at('tmp'),
  };
}

/** The name service as commands see it. */
export async function writeEtc(layout: Layout, hosts: { readonly [name: string]: string }): Promise<void> {
  const lines = [
    '127.0.0.1 localhost',
    '::1 localhost',
    ...Object.entries(hosts).map(([name, address]) => `${address} ${name}`),
  ];
  await writeFile(join(layout.etc, 'hosts'), `${lines.join('\n')}\n`, { mode: 0o644 });
  await writeFile(
    join(layout.etc, 'nsswitch.conf'),
    'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n',
    { mode: 0o644 },
  );
  await writeFile(join(layout.etc, 'resolv.conf'), '', { mode: 0o644 });
}
