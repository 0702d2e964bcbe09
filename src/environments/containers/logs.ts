import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { redact } from '../toolbox/redact.ts';
import { Frames } from './frames.ts';

/** More than this of a log's end is not kept. */
const keptLines = 20_000;

/** The last lines of what a container wrote, in order; empty when it is gone. */
export async function lastLines(container: Dockerode.Container, count: number): Promise<readonly string[]> {
  try {
    const raw = await container.logs({ stdout: true, stderr: true, tail: count, follow: false });
    return unframed(raw).trimEnd().split('\n');
  } catch {
    return [];
  }
}

/** What a container wrote to both outputs, secrets replaced, as `NAME.log`. Best effort: the journal has the failure that matters. */
export async function keepLog(
  container: Dockerode.Container,
  name: string,
  folder: string,
  secrets: readonly string[],
): Promise<void> {
  const lines = await lastLines(container, keptLines);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.log`), `${redact(lines.join('\n'), secrets)}\n`);
}

/** Both outputs as they were written; those of a container with a terminal are in no frames. */
function unframed(raw: Buffer): string {
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer) => void chunks.push(chunk);
  new Frames({ stdout: keep, stderr: keep, raw: keep }).push(raw);
  return Buffer.concat(chunks).toString('utf8');
}
