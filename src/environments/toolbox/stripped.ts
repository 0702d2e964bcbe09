import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

/** In a program's folder: what Node is told by. No file of a program is overwritten, as none of theirs starts so. */
const hookFile = '.drillbook-stripped.cjs';

/** Files that are stripped already are loaded as the JavaScript they are. */
const hook = `require('node:module').registerHooks({
  load: (url, context, next) => next(url, { ...context, format: context.format?.replace('-typescript', '') }),
});
`;

/**
 * Takes the types out of a program's TypeScript files, once for all of its calls: Node's own stripping takes longer than the
 * rest of a small program's start. Names, lines and columns stay as they were. This and no cache of compiled code: such a
 * cache would have to be written by the account that runs the commands, and what lies in it is run.
 * @param folder a copy of the program, which commands cannot write to
 * @returns arguments for Node before the program's path; none when a file cannot be stripped, and nothing is changed then: Node itself says
 * at the call what is wrong with it
 */
export async function stripTypes(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.[cm]?ts$/.test(name));
  if (names.length === 0) return [];
  const paths = names.map((name) => join(folder, name));
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  const stripped = strippedTexts(texts);
  if (stripped === null) return [];
  await Promise.all(stripped.map((text, i) => writeFile(paths[i] ?? '', text)));
  const path = join(folder, hookFile);
  await writeFile(path, hook);
  // Whatever the operator's umask is.
  await chmod(path, 0o644);
  return ['--require', path];
}

function strippedTexts(texts: readonly string[]): readonly string[] | null {
  const { emitWarning } = process;
  // That it is experimental is told once a process, to somebody who can do nothing about it. Nothing else runs meanwhile.
  process.emitWarning = () => {};
  try {
    return texts.map((text) => stripTypeScriptTypes(text));
  } catch {
    return null;
  } finally {
    process.emitWarning = emitWarning;
  }
}
