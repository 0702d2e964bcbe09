import { describe, expect, it } from 'vitest';
import { decodeText, type FileContent } from './decode.ts';
import { formatDefinitionError } from './definition-error.ts';

function said(content: FileContent): string {
  const decoded = decodeText('x.md', content);
  return 'text' in decoded ? decoded.text : decoded.errors.map(formatDefinitionError).join('\n');
}
const bytes = (...parts: (string | number[])[]): FileContent => ({
  kind: 'bytes',
  bytes: new Uint8Array(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
  ),
});

describe('decodeText', () => {
  it('gives the text, without a byte order mark', () =>
    expect(said(bytes([0xef, 0xbb, 0xbf], 'é: 1'))).toBe('é: 1'));

  it.each([
    ['missing', { kind: 'missing' } as const, 'x.md: there is no such file'],
    [
      'unreadable',
      { kind: 'unreadable', reason: 'it is a folder' } as const,
      'x.md: the file cannot be read: it is a folder',
    ],
    ['empty', bytes(), 'x.md:1:1: the file is empty'],
    ['blank', bytes(' \n\t\n'), 'x.md:1:1: the file is empty'],
    ['binary', bytes('a\nb', [0]), 'x.md:2:1: the file is binary (it has a NUL byte); expected UTF-8 text'],
    ['latin-1', bytes('a\nb\ncaf', [0xe9], '\nd'), 'x.md:3:1: the file is not UTF-8; save it as UTF-8 text'],
    ['cut off', bytes('a\n', [0xe2, 0x82]), 'x.md:2:1: the file is not UTF-8; save it as UTF-8 text'],
  ])('says that a file is %s', (_, content, message) => expect(said(content)).toBe(message));
});
