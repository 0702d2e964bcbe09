import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { EnvironmentError } from '../../environment.ts';
import type { LocalRun } from '../run.ts';
import { instanceMarker, runMarker } from '../run-processes.ts';
import { adminUser } from '../substitution.ts';
import { postgresEnvironment } from './cluster.ts';

const settings = ['exit_on_error=on', 'synchronous_standby_names=', 'archive_mode=off'];

/**
 * Runs statements, one a line, in a server that serves its standard input alone: the one way into a database that has no
 * password yet, and nobody else can come in by it.
 * @throws EnvironmentError with the end of what the server said
 */
export async function inSingleUserMode(
  { binaries, layout: { account, runId } }: LocalRun,
  folder: string,
  statements: readonly string[],
): Promise<void> {
  const options = settings.flatMap((setting) => ['-c', setting]);
  const child = spawn(`${binaries}/postgres`, ['--single', ...options, '-D', folder, adminUser], {
    env: { ...postgresEnvironment, [runMarker]: runId, [instanceMarker]: 'template' },
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  // A server that ends early closes its input; its exit code and log say why.
  child.stdin.on('error', () => undefined).end(statements.map((statement) => `${statement}\n`).join(''));
  const [log, code] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0) throw new EnvironmentError(log.trim().split('\n').slice(-20).join('\n'));
}
