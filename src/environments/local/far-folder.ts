import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Makes a folder whose files lie far from everything that was deleted lately. ext4 keeps files near their folder, and without a journal
 * it looks, for each new one, at all that were deleted there within a minute: a run's thousands cost the next run a millisecond a file.
 * The flag T of chattr(1) spreads a folder's subfolders over the disk; by their names, so it is made under one that nobody had.
 * Where there is no such flag it is made as any other.
 */
export async function makeFarFolder(parent: string, name: string, mode: number): Promise<void> {
  await execute('chattr', ['+T', parent]).catch(() => undefined); // another file system, or no such program
  const draft = join(parent, randomUUID());
  await mkdir(draft, { mode });
  await rename(draft, join(parent, name));
}
