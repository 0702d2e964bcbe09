import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { redact } from '../toolbox/redact.ts';

const tailBytes = 64 * 1024;

/** The last lines of a log; empty when there is none. Reads its end only, however long it has become. */
export async function lastLines(file: string, count: number): Promise<readonly string[]> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(Math.min(size, tailBytes)),
      0,
      undefined,
      start,
    );
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-count);
  } finally {
    await handle.close();
  }
}

/** Copies all logs of a folder into another one, line by line, secrets replaced. */
export async function copyLogs(from: string, to: string, secrets: readonly string[]): Promise<void> {
  const names = await readdir(from).catch(() => []);
  if (names.length > 0) await mkdir(to, { recursive: true });
  for (const name of names) {
    const lines = createInterface({
      input: createReadStream(join(from, name)),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    await pipeline(Readable.from(redacted(lines, secrets)), createWriteStream(join(to, name)));
  }
}

async function* redacted(lines: AsyncIterable<string>, secrets: readonly string[]): AsyncIterable<string> {
  for await (const line of lines) yield `${redact(line, secrets)}\n`;
}
