import { stat } from 'node:fs/promises';
import { EnvironmentError, type Problem } from './environment.ts';

/** A path that a platform file names: whose it is, under which key. */
export interface NamedPath {
  readonly name: string;
  readonly key: string;
  readonly path: string;
}

/** What a look found; where it was refused, that. */
export async function problemsOrRefusal(
  look: () => Promise<readonly Problem[]>,
): Promise<readonly Problem[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return [{ what: error.message, todo: 'change the platform file, or this machine, as it says' }];
  }
}

/** Those that are not there. */
export async function missingPaths(needed: readonly NamedPath[]): Promise<readonly Problem[]> {
  const missing = await Promise.all(
    needed.map(({ path }) =>
      stat(path).then(
        () => false,
        () => true,
      ),
    ),
  );
  return needed
    .filter((_, i) => missing[i])
    .map(({ name, key, path }) => ({
      what: `${name}: ${key}: there is no ${path}`,
      todo: 'correct its path in the platform file',
    }));
}

/** `2,048 MB`, where a MB is 2^20 bytes. */
export function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MB`;
}
