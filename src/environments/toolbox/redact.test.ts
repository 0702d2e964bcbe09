import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----';

describe('redact', () => {
  it.each([
    ['id AKIAIOSFODNN7EXAMPLE.', 'id [redacted].'],
    ['ASIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = [redacted]'],
    ['"SecretAccessKey": "wJalrXUt"', '"SecretAccessKey": "[redacted]"'],
    ['Authorization: Bearer abc.def-1', 'Authorization: Bearer [redacted]'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln end', 'token [redacted] end'],
    ['postgresql://app:s3cr3t@db-primary:5432/x', 'postgresql://app:[redacted]@db-primary:5432/x'],
    ['redis://:s3cr3t@cache', 'redis://:[redacted]@cache'],
    ["PGPASSWORD='two words' psql", 'PGPASSWORD=[redacted] psql'],
    ['PGPASSWORD=abc psql', 'PGPASSWORD=[redacted] psql'],
    [`a\n${key}\nb`, 'a\n[redacted]\nb'],
    [`a\n${key.slice(0, 50)}`, 'a\n[redacted]'],
    [`${key.slice(40)}\nb`, '[redacted]\nb'],
    [`${key.slice(40)}\n${key}\nb`, '[redacted]\n[redacted]\nb'],
  ])('%j', (text, expected) => expect(redact(text, [])).toBe(expected));

  it.each(['http://db-primary:5432/x@y', 'the bearer', 'AKIA', 'password', 'eyJ', 'a\nb\tc'])(
    'leaves %j',
    (text) => expect(redact(text, ['short'])).toBe(text),
  );

  it('hides given values, longest first, and not those too short to mean anything', () => {
    expect(redact('secret1 secret12 abc', ['secret1', 'secret12', 'abc'])).toBe('[redacted] [redacted] abc');
  });

  it('takes linear time on what looks like the beginning of a secret', () => {
    const pieces = [
      'eyJ-',
      '://a',
      'Bearer ',
      'PGPASSWORD="',
      '-----BEGIN PRIVATE KEY-----',
      '://:',
      'aws_secret_access_key=',
    ];
    for (const piece of pieces) redact(piece.repeat((64 * 1024) / piece.length), []);
  });
});
