import { describe, expect, it } from 'vitest';
import { MarkedStream } from './marked.ts';

const text = (stream: { output: { read(secrets: readonly string[]): { text: string } } }): string =>
  stream.output.read([]).text;

describe('a stream cut by marks', () => {
  it.each([1, 2, 5, 100])('finds them in pieces of %i bytes', async (size) => {
    const stream = new MarkedStream();
    const first = stream.upTo('#mark');
    const bytes = Buffer.from('a #ma\n#mark end 0\nlate');
    for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size));
    const part = await first;
    expect([text(part), part.rest]).toEqual(['a #ma\n', ' end 0']);
    const second = stream.upTo('#other');
    stream.push(Buffer.from('r\n#other\n'));
    expect(text(await second)).toBe('later\n');
  });

  it('leaves the output before an answer to whoever asks for it', async () => {
    const stream = new MarkedStream();
    const answer = stream.answer('#1');
    stream.push(Buffer.from('late#1 yes\nr'));
    expect(await answer).toBe(' yes');
    const part = stream.upTo('#2');
    stream.push(Buffer.from('\n#2\n'));
    expect(text(await part)).toBe('later\n');
  });

  it('gives what there is when the stream ends', async () => {
    const stream = new MarkedStream();
    const part = stream.upTo('#mark');
    stream.push(Buffer.from('cut #mar'));
    stream.end();
    expect(await part).toMatchObject({ rest: null });
    expect(text(await part)).toBe('cut #mar');
    expect(await stream.answer('#next')).toBeNull();
  });
});
