import { open } from 'node:fs/promises';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

/** The end of a journal, read without the rest: a journal of an hour has hundreds of megabytes. */
export interface JournalTail {
  /** Length of the file without a torn last line; 0 when not even the first line is whole. */
  readonly wholeBytes: number;
  /** The newest whole lines, as many as fit 64 KB. */
  readonly lines: readonly string[];
}

export async function readTail(file: string): Promise<JournalTail> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const wholeBytes = await endOfLastLine(size, (buffer, at) => handle.read(buffer, 0, buffer.length, at));
    const from = Math.max(0, wholeBytes - chunkBytes);
    const tail = Buffer.alloc(wholeBytes - from);
    await handle.read(tail, 0, tail.length, from);
    const lines = tail.toString('utf8').split('\n').slice(0, -1);
    return { wholeBytes, lines: from === 0 ? lines : lines.slice(1) };
  } finally {
    await handle.close();
  }
}

type ReadAt = (buffer: Buffer, at: number) => Promise<{ readonly bytesRead: number }>;

async function endOfLastLine(size: number, readAt: ReadAt): Promise<number> {
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - chunkBytes);
    const chunk = Buffer.alloc(end - from);
    await readAt(chunk, from);
    const at = chunk.lastIndexOf(newline);
    if (at >= 0) return from + at + 1;
    end = from;
  }
  return 0;
}
