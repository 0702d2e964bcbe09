import { describe, expect, it } from 'vitest';
import { Frames } from './frames.ts';

function frame(kind: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

function read(bytes: Buffer, size: number): { readonly [sink: string]: string } {
  const texts = { stdout: '', stderr: '', raw: '' };
  const frames = new Frames({
    stdout: (chunk) => (texts.stdout += chunk),
    stderr: (chunk) => (texts.stderr += chunk),
    raw: (chunk) => (texts.raw += chunk),
  });
  for (let at = 0; at < bytes.length; at += size) frames.push(bytes.subarray(at, at + size));
  return texts;
}

describe('frames of an engine', () => {
  const bytes = Buffer.concat([frame(1, 'one '), frame(2, 'err'), frame(1, ''), frame(1, 'two')]);

  it.each([1, 3, 9, 1000])('come in pieces of %i bytes', (size) => {
    expect(read(bytes, size)).toEqual({ stdout: 'one two', stderr: 'err', raw: '' });
  });

  it.each([1, 5, 1000])('may be none at all, in pieces of %i bytes', (size) => {
    expect(read(Buffer.from('OCI runtime exec failed'), size).raw).toBe('OCI runtime exec failed');
  });
});
