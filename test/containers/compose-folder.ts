import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { requireCompose } from '../../src/environments/containers/compose-command.ts';
import { engineAvailable } from './engine.ts';

export const composeAvailable =
  engineAvailable &&
  (await requireCompose().then(
    () => true,
    () => false,
  ));

/** A folder for a compose file and what belongs to it. */
export interface ComposeFolder {
  readonly path: string;
  /** Path in the folder → text. */
  write(files: { readonly [path: string]: string }): Promise<void>;
  remove(): Promise<void>;
}

export async function composeFolder(): Promise<ComposeFolder> {
  const path = await mkdtemp(join(tmpdir(), 'compose-'));
  return {
    path,
    async write(files) {
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, file)), { recursive: true });
        await writeFile(join(path, file), text);
      }
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
