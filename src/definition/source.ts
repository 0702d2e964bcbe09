import type { Position } from './definition-error.ts';
import { isJsonObject, type Json, mergePatch } from './merge-patch.ts';

/** Keys and indexes from the top of a file down to a value. */
export type Path = readonly (string | number)[];

/** The data of a file as written (durations still words) and where each part of it stands. */
export interface Source {
  readonly file: string;
  readonly data: Json;
  /** Position of a value, or of the key before it. What is not there stands where the nearest thing around it stands. */
  at(path: Path, part?: 'key' | 'value'): Position;
}

/** A valid value, and the text it came from: for the errors that only show when files are put together. */
export interface Definition<T> {
  readonly value: T;
  readonly source: Source;
}

/** What stands at a path, undefined if nothing. */
export function valueAt(data: Json, path: Path): Json | undefined {
  let value: Json | undefined = data;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/**
 * The source with a merge patch applied that stands somewhere else: `patch.data` at `where`. What came from the patch
 * is located in the patch, the rest in the base.
 */
export function overlay(base: Source, patch: Source, where: Path): Source {
  const changes = valueAt(patch.data, where) ?? {};
  return {
    file: base.file,
    data: mergePatch(base.data, changes),
    at: (path, part) =>
      isPatched(changes, path) ? patch.at([...where, ...path], part) : base.at(path, part),
  };
}

/** True when the patch sets the value, or replaced something around it as a whole. */
function isPatched(changes: Json, path: Path): boolean {
  let value: Json | undefined = changes;
  for (const key of path) {
    if (!isJsonObject(value)) return true;
    if (!Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return path.length > 0;
}
