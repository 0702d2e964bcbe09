import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type Dockerode from 'dockerode';
import { redact } from '../toolbox/redact.ts';

/** More than this of a log's end is not kept. */
const keptLines = 20_000;

/** The last lines of what a container wrote, in order; empty when it is gone. */
export async function lastLines(container: Dockerode.Container, count: number): Promise<readonly string[]> {
  try {
    const raw = await container.logs({ stdout: true, stderr: true, tail: count, follow: false });
    const text = await joined(container, raw);
    return text.trimEnd().split('\n');
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

/** The engine frames both outputs in one stream, unless the container has a terminal. */
async function joined(container: Dockerode.Container, raw: Buffer): Promise<string> {
  const { Config } = await container.inspect();
  if (Config.Tty) return raw.toString('utf8');
  const both = new PassThrough();
  const source = new PassThrough();
  container.modem.demuxStream(source, both, both);
  source.on('end', () => both.end());
  source.end(raw);
  return (await buffer(both)).toString('utf8');
}
