import { execFile } from 'node:child_process';
import { EnvironmentError } from '../environment.ts';

/** The oldest kind whose clusters were tried with drillbook. */
const oldest = [0, 27, 0] as const;
const shownLines = 20;
/** kind creates a cluster in half a minute, and takes minutes on a machine that is busy or pulls its image. */
const withinMs = 600_000;

export interface KindOptions {
  readonly input?: string;
  /** The engine's network that nodes join. */
  readonly network?: string;
  readonly abort?: AbortSignal;
}

/**
 * Runs kind, the user's own. Returns what it wrote to standard output.
 * @throws EnvironmentError with the command and its last lines; when there is no kind
 */
export function kind(argv: readonly string[], options: KindOptions = {}): Promise<string> {
  const { input, network, abort } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      'kind',
      [...argv],
      {
        env: {
          ...process.env,
          // Only the engine that drillbook itself speaks to.
          KIND_EXPERIMENTAL_PROVIDER: 'docker',
          ...(network !== undefined && { KIND_EXPERIMENTAL_DOCKER_NETWORK: network }),
        },
        maxBuffer: 16 * 2 ** 20,
        timeout: withinMs,
        ...(abort !== undefined && { signal: abort }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(failure(argv, error, stderr));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

function failure(
  argv: readonly string[],
  cause: Error & { code?: unknown },
  stderr: string,
): EnvironmentError {
  if (cause.code === 'ENOENT')
    return new EnvironmentError('there is no program kind on the PATH: install it', { cause });
  const lines = stderr.trim().split('\n').slice(-shownLines).join('\n');
  const how =
    cause.name === 'AbortError' ? 'was ended with the run' : `failed (${cause.code ?? cause.message})`;
  return new EnvironmentError(
    `"kind ${argv.join(' ')}" ${how}${lines === '' ? '' : `; its last lines:\n${lines}`}`,
    { cause },
  );
}

/** Null when there is a kind that fits, else what is wrong with it. */
export async function whyNoKind(): Promise<string | null> {
  let said: string;
  try {
    said = await kind(['version', '--quiet']);
  } catch (error) {
    return (error as Error).message;
  }
  const version = said.trim().replace(/^v/, '');
  return isOlder(version) ? `kind ${version} is older than ${oldest.join('.')}` : null;
}

/** A version that cannot be read is not called older. */
function isOlder(version: string): boolean {
  const parts = version.split(/[.-]/).slice(0, oldest.length).map(Number);
  for (const [i, least] of oldest.entries()) {
    const part = parts[i] ?? Number.NaN;
    if (part !== least) return part < least;
  }
  return false;
}
