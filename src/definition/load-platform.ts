import { basename, dirname, join } from 'node:path';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { isJsonObject, type Json } from './merge-patch.ts';
import { nearest } from './nearest.ts';
import { checkedAgainst, type Parsed } from './parse-definition.ts';
import type { Platform } from './platform.ts';
import type { ProjectFiles } from './project-files.ts';
import { quote } from './quote.ts';
import { type ReadSource, readSource } from './read-source.ts';
import { overlay, type Path, type Source, valueAt } from './source.ts';

/**
 * A platform file of any folder, on top of those it extends; relative paths in all of them start from that folder.
 * Errors stand in the file that the bad value came from.
 */
export async function loadPlatform(files: ProjectFiles, path: string): Promise<Parsed<Platform>> {
  const read = await readLayers(files, path, []);
  if ('errors' in read) return read;
  const checked = checkedAgainst('platform', read.source);
  if ('errors' in checked) return checked;
  const { value, source } = checked.definition;
  return { definition: { value: { ...value, baseDir: dirname(files.absolute(path)) }, source } };
}

/** @param above the files that extend this one, the nearest last */
async function readLayers(files: ProjectFiles, path: string, above: readonly string[]): Promise<ReadSource> {
  const own = await readSource(files, path);
  if ('errors' in own) return own;
  const { source } = own;
  const name = valueAt(source.data, ['extends']);
  // What is no text is the schema's to tell.
  if (typeof name !== 'string') return own;
  const chain = [...above, basename(path)];
  const wrong = await misnamed(files, path, name, chain);
  if (wrong !== null) return { errors: [definitionError(source.at(['extends']), ...wrong)] };
  const base = await readLayers(files, join(dirname(path), name), chain);
  return 'errors' in base ? base : onTop(source, base.source);
}

/** Why a file cannot be extended, and the name that was meant; null if it can. */
async function misnamed(
  files: ProjectFiles,
  path: string,
  name: string,
  chain: readonly string[],
): Promise<[message: string, suggestion: string | null] | null> {
  if (name === '' || name !== basename(name)) {
    return [`${quote(name)} is no name of a file in this folder: relative paths in both start from it`, null];
  }
  const start = chain.indexOf(name);
  if (start !== -1)
    return [`platforms extend each other: ${[...chain.slice(start), name].join(' on ')}`, null];
  const there = ((await files.list(dirname(path))) ?? []).filter((file) => file !== basename(path));
  return there.includes(name)
    ? null
    : [`there is no file ${quote(name)} beside this one`, nearest(name, there)];
}

function onTop(own: Source, base: Source): ReadSource {
  const errors = [...unnamed(own), ...vainRemovals(own, base, [])];
  if (errors.length > 0) return { errors };
  const merged = overlay(base, own, []);
  return {
    source: {
      file: own.file,
      data: merged.data,
      // The platform as a whole is the file that was asked for.
      at: (path, part) => (path.length === 0 ? own : merged).at(path, part),
    },
  };
}

/** The one thing that is not inherited: a platform would be there twice under one name. */
function unnamed({ data, at }: Source): readonly DefinitionError[] {
  return valueAt(data, ['platform']) === undefined
    ? [
        definitionError(
          at([]),
          'this file extends another platform and has no name; expected the key "platform"',
        ),
      ]
    : [];
}

/** A `null` that takes nothing out is a name written wrong. */
function vainRemovals(own: Source, base: Source, path: Path): readonly DefinitionError[] {
  const changes = valueAt(own.data, path);
  if (!isJsonObject(changes)) return [];
  const there: Json | undefined = valueAt(base.data, path);
  const names = isJsonObject(there) ? Object.keys(there) : [];
  return Object.entries(changes).flatMap(([key, value]) => {
    const at = [...path, key];
    if (value !== null) return vainRemovals(own, base, at);
    if (names.includes(key)) return [];
    const message = `there is no ${quote(key)} to take out of what this file extends (${base.file})`;
    return [definitionError(own.at(at, 'key'), message, nearest(key, names))];
  });
}
