import { describe, expect, it } from 'vitest';
import { bashSyntaxError, bashSyntaxErrors } from './syntax.ts';

describe('bashSyntaxError', () => {
  it('finds nothing wrong with what bash takes', () => {
    for (const command of ['echo hi', 'for i in 1 2; do\n echo $i\ndone', "cat <<'EOF'\n<x\nEOF", ''])
      expect(bashSyntaxError(command)).toBeNull();
  });

  it('says what bash says, with the line', () => {
    expect(bashSyntaxError('git checkout <last-good-commit>')).toMatch(
      /^line 1: syntax error near unexpected token/,
    );
    expect(bashSyntaxError('echo\nif then')).toMatch(/^line 2: /);
    expect(bashSyntaxError('echo "open')).toMatch(/unexpected EOF/);
  });

  it('runs nothing', () => {
    expect(bashSyntaxError('exit 3; } ; exit 4')).not.toBeNull();
    expect(bashSyntaxErrors(['exit 5', 'kill -9 $$', 'echo <', 'echo'])).toEqual([
      null,
      null,
      expect.stringMatching(/^line 1/),
      null,
    ]);
  });

  it('answers for each of many, in order', () => {
    const commands = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? `echo ${i} <` : `echo ${i}`));
    expect(bashSyntaxErrors(commands).map((message) => message !== null)).toEqual(
      commands.map((_, i) => i % 3 === 0),
    );
  });

  it('takes a command longer than an argument may be', () =>
    expect(bashSyntaxError(`echo ${'x'.repeat(300_000)}`)).toBeNull());
});
