import { spawnSync } from 'node:child_process';
import { EnvironmentError } from '../environment.ts';

/** Reads commands that end in NUL, and says what `bash -n` says of each, ended by NUL; nothing for one that is sound. */
const checker = `
while IFS= read -r -d '' command; do
  message=$(bash --noprofile --norc -n <<<"$command" 2>&1) || printf '%s' "$message"
  printf '\\0'
done
`;

/**
 * What bash says is wrong with a command's syntax, without running any of it: `line 1: syntax error near …`; null when nothing is.
 * @throws EnvironmentError when there is no bash
 */
export function bashSyntaxError(command: string): string | null {
  return bashSyntaxErrors([command])[0] ?? null;
}

/** The same for many commands, in their order, with one start of bash a command. */
export function bashSyntaxErrors(commands: readonly string[]): readonly (string | null)[] {
  if (commands.length === 0) return [];
  const input = commands.map((command) => `${command.replaceAll('\0', '')}\0`).join('');
  const { stdout, error } = spawnSync('bash', ['--noprofile', '--norc', '-c', checker], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
    maxBuffer: 2 ** 26,
  });
  if (error)
    throw new EnvironmentError(
      'The syntax of shell commands cannot be checked: bash did not run. Install it.',
      { cause: error },
    );
  const messages = stdout.split('\0');
  return commands.map((_, i) => messages[i]?.trim().replaceAll(/^bash: /gm, '') || null);
}
