import type Dockerode from 'dockerode';
import { describe, expect, it } from 'vitest';
import { lastLines } from './logs.ts';

/** A container whose engine answers with these bytes. */
function writing(raw: Buffer): Dockerode.Container {
  return { logs: async () => raw } as unknown as Dockerode.Container;
}

function frames(lines: readonly string[]): Buffer {
  return Buffer.concat(
    lines.map((line, i) => {
      const header = Buffer.alloc(8);
      header[0] = 1 + (i % 2);
      header.writeUInt32BE(Buffer.byteLength(line), 4);
      return Buffer.concat([header, Buffer.from(line)]);
    }),
  );
}

describe('the log of a container', () => {
  it('has both outputs in the order in which they were written', async () => {
    expect(await lastLines(writing(frames(['one\n', 'two\n', 'three\n'])), 9)).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  it('is whole however long it is: a frame a line, 20,000 of them', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i} ${'x'.repeat(300)}\n`);
    expect(await lastLines(writing(frames(lines)), lines.length)).toHaveLength(20_000);
  });

  it('is plain where the container has a terminal', async () => {
    expect(await lastLines(writing(Buffer.from('hello\r\n')), 9)).toEqual(['hello']);
  });

  it('is empty where there is no container', async () => {
    const gone = { logs: () => Promise.reject(new Error('no such container')) } as never;
    expect(await lastLines(gone, 9)).toEqual([]);
  });
});
