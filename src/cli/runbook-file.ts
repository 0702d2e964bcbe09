import { readFile } from 'node:fs/promises';
import { decodeText } from '../definition/decode.ts';
import { bashSyntaxError } from '../environments/toolbox/syntax.ts';
import { formatDefinitionError, lintRunbook, parseRunbook, stepsAsText } from '../index.ts';
import { exitCodes, UsageError } from './errors.ts';

/** @throws UsageError when the file is missing, empty, binary or not UTF-8 */
async function readText(file: string): Promise<string> {
  const content = await readFile(file).then(
    (bytes) => ({ kind: 'bytes', bytes }) as const,
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT'
        ? ({ kind: 'missing' } as const)
        : ({ kind: 'unreadable', reason: error.message } as const),
  );
  const decoded = decodeText(file, content);
  if ('errors' in decoded) throw new UsageError(decoded.errors.map(formatDefinitionError).join('\n'));
  return decoded.text;
}

export async function showSteps(file: string, json: boolean): Promise<void> {
  const runbook = parseRunbook(await readText(file));
  process.stdout.write(json ? `${JSON.stringify(runbook, null, 2)}\n` : `${stepsAsText(runbook)}\n`);
}

export interface LintFileOptions {
  readonly file: string;
  readonly json: boolean;
  readonly today: string | undefined;
}

/** @returns the exit code: 1 when something cannot work as written */
export async function lintFile({ file, json, today }: LintFileOptions): Promise<number> {
  const text = await readText(file);
  const findings = lintRunbook(parseRunbook(text), text, {
    today: today ?? new Date().toISOString().slice(0, 10),
    syntax: bashSyntaxError,
  });
  if (json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else {
    for (const { lines, severity, message, instead, rule } of findings) {
      process.stdout.write(`${file}:${lines.from}: ${severity}: ${message} [${rule}]\n`);
      if (instead !== undefined) process.stdout.write(`    instead: ${instead.replaceAll('\n', '\n    ')}\n`);
    }
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    process.stdout.write(`${errors} errors, ${findings.length - errors} warnings\n`);
  }
  return findings.some(({ severity }) => severity === 'error') ? exitCodes.fail : exitCodes.pass;
}
