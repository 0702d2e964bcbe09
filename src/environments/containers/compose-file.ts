import { readFile } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { EnvironmentError } from '../environment.ts';
import { compose, lastLines, requireCompose } from './compose-command.ts';
import { type ComposeModel, composeModel } from './compose-model.ts';

/** Variables for the `${…}` of a compose file. */
export interface ComposeVariables {
  readonly [name: string]: string;
}

/**
 * A compose file as compose understands it. Starts nothing and asks no engine.
 * @param file absolute
 * @param variables beside those of the `.env` next to the file
 * @throws NoComposeError without a compose that can be used; EnvironmentError with what compose says of the file
 */
export async function readComposeServices(file: string, variables: ComposeVariables): Promise<ComposeModel> {
  const source = await readFile(file, 'utf8').catch(() => null);
  if (source === null) throw new EnvironmentError(`there is no compose file ${placeOf(file)}`);
  await requireCompose();
  const { exitCode, stdout, stderr } = await compose(['-f', file, 'config', '--format', 'json'], variables);
  if (exitCode !== 0) throw new EnvironmentError(complaint(file, source, stderr));
  return composeModel(file, stdout, unsetVariables(stderr));
}

/** Where a file's text asks for a variable: `compose.yaml:12`; the file alone when an included file does. */
export async function placeOfVariable(file: string, name: string): Promise<string> {
  const source = await readFile(file, 'utf8').catch(() => '');
  return lineOf(file, source, name);
}

/** A path as people write it: relative to the working folder where it is inside. */
export function placeOf(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') || isAbsolute(near) ? file : near;
}

function complaint(file: string, source: string, stderr: string): string {
  const required = /required variable (\w+) is missing a value(?:: (.*))?/.exec(stderr);
  if (required === null) return `compose cannot read ${placeOf(file)}:\n${lastLines(stderr)}`;
  const [, name = '', why = ''] = required;
  const said = why.trim() === '' ? '' : ` (it says: ${why.trim()})`;
  return `${lineOf(file, source, name)}: the variable ${name} is required and not set${said}; set it under "compose.env" of the platform file, or in the ".env" beside the compose file`;
}

function lineOf(file: string, source: string, name: string): string {
  const asked = new RegExp(String.raw`(?<!\$)(?:\$\$)*\$(?:\{${name}\b|${name}\b)`);
  const index = source.split('\n').findIndex((line) => asked.test(line));
  return index === -1 ? placeOf(file) : `${placeOf(file)}:${index + 1}`;
}

/** Compose only warns of them, each as often as it is asked for. */
function unsetVariables(stderr: string): readonly string[] {
  const found = stderr.matchAll(/The \\?"(\w+)\\?" variable is not set/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}
