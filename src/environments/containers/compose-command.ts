import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { EnvironmentError } from '../environment.ts';

/** What `!override` and `!reset` in a compose file need; older ones read them as plain values and would publish the user's own ports. */
const oldest = [2, 24, 4] as const;
const install =
  'install the compose plugin, 2.24.4 or newer (Docker Desktop has it; elsewhere the package docker-compose-plugin of Docker, or docker-compose-v2 of the distribution)';
const shownLines = 15;

export interface ComposeOutput {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is said when compose cannot be had here, apart from what is wrong with a file: there is another thing to do about it. */
export class NoComposeError extends EnvironmentError {
  override readonly name = 'NoComposeError';
  readonly todo: string = install;
}

/**
 * Runs `docker compose` with an environment made from nothing but what the client itself needs: compose fills a file's `${…}` from it,
 * and a drill must not depend on what happens to be set in somebody's shell.
 * @param variables for the file's `${…}`
 * @throws NoComposeError when there is no `docker` to start
 */
export async function compose(
  args: readonly string[],
  variables: { readonly [name: string]: string },
  abort?: AbortSignal,
): Promise<ComposeOutput> {
  const child = spawn('docker', ['compose', '--ansi', 'never', ...args], {
    env: { ...clientVariables(process.env), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: abort,
  });
  const started = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), started]);
    return { exitCode, stdout, stderr };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NoComposeError('there is no program "docker" on the PATH, which a compose file needs');
  }
}

/** @throws NoComposeError when the plugin is missing or too old */
export async function requireCompose(): Promise<void> {
  const { exitCode, stdout } = await compose(['version', '--short'], {});
  if (exitCode !== 0) throw new NoComposeError('the docker client here has no "docker compose"');
  const version = stdout.trim().replace(/^v/, '');
  if (isOlder(version.split('.').map(Number)))
    throw new NoComposeError(`docker compose is ${version} here, and too old for drillbook`);
}

function isOlder(version: readonly number[]): boolean {
  for (const [index, least] of oldest.entries()) {
    const part = version[index] ?? 0;
    // Builds from source may have names instead of numbers: they are new.
    if (Number.isNaN(part) || part > least) return false;
    if (part < least) return true;
  }
  return false;
}

function clientVariables(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const needed = Object.entries(own).filter(
    ([name]) => name === 'PATH' || name === 'HOME' || name.startsWith('DOCKER_'),
  );
  return Object.fromEntries(needed);
}

/** The end of what a program said, without the empty lines. */
export function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-shownLines).join('\n');
}
