import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Address, DatabaseLogin } from '../../src/environments/environment.ts';
import { giveTo, unprivilegedAccount } from '../../src/environments/local/account.ts';
import { postgresqlBinaries } from '../../src/environments/local/postgresql/binaries.ts';

const run = promisify(execFile);
const password = 'for-tests-only';

export type DatabaseAddress = Address & { readonly database: DatabaseLogin };

export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Its folder: the Unix socket is in it. */
  readonly home: string;
  /** An address as an environment gives it; the members default to this server alone. */
  address(members?: readonly { instance: string; host: string; port: number }[]): DatabaseAddress;
  /** Signals the postmaster. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

export interface TestServerOptions {
  readonly host?: string;
  readonly settings?: readonly string[];
}

/** A PostgreSQL of its own on a free port, as the unprivileged user when the tests run as root. */
export async function startPostgres({
  host = '127.0.0.1',
  settings = [],
}: TestServerOptions = {}): Promise<TestServer> {
  const account = await unprivilegedAccount();
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  const home = await mkdtemp(join(tmpdir(), 'drillbook-pg-'));
  const bin = await postgresqlBinaries();
  const dataDir = join(home, 'data');
  await writeFile(join(home, 'password'), password, { mode: 0o644 });
  await giveTo(account, home);
  await chmod(home, 0o755);
  const initdb = [
    '-D',
    dataDir,
    '-U',
    'drill',
    '--auth=scram-sha-256',
    `--pwfile=${join(home, 'password')}`,
    '--no-sync',
    '--locale=C',
    '-E',
    'UTF8',
  ];
  await run(join(bin, 'initdb'), initdb, { cwd: home, ...as });
  const port = await freePort(host);
  const options = [
    'fsync=off',
    'dynamic_shared_memory_type=mmap', // in the data folder: what a killed server had in /dev/shm would stay
    `listen_addresses=${host}`,
    `port=${port}`,
    `unix_socket_directories=${home}`,
    ...settings,
  ];
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', dataDir, ...options.flatMap((option) => ['-c', option])],
    {
      cwd: home,
      ...as,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4000);
      if (log.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
  return {
    host,
    port,
    dataDir,
    home,
    address: (members = [{ instance: 'db', host, port }]) => ({
      ...{ role: 'database', component: 'db', instance: 'db', name: 'db', host, port, why: 'test' },
      database: { user: 'drill', password, database: 'postgres', members, followsPrimary: false },
    }),
    signal: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGQUIT');
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
