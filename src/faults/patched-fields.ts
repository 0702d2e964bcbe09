import { isJsonObject, type Json, type JsonObject } from '../definition/merge-patch.ts';

/** A merge patch (RFC 7386) that puts back what the fields of a patch are in an object now; null for those that it has not. */
export function wayBackOf(object: Json | undefined, patch: JsonObject): JsonObject {
  const has = object !== undefined && isJsonObject(object) ? object : {};
  return Object.fromEntries(
    Object.entries(patch).map(([key, value]) => {
      const now = has[key];
      if (now === undefined) return [key, null];
      return [key, isJsonObject(value) && isJsonObject(now) ? wayBackOf(now, value) : now];
    }),
  );
}

/**
 * A patch with the values that the API server made of it: quantities, for one, come back in another spelling. Items of lists
 * are those of the same name.
 */
export function asStored(object: Json | undefined, patch: Json): Json {
  if (object === undefined || patch === null) return null;
  if (isJsonObject(patch) && isJsonObject(object))
    return Object.fromEntries(
      Object.entries(patch).map(([key, value]) => [key, asStored(object[key], value)]),
    );
  if (!Array.isArray(patch) || !Array.isArray(object) || !patch.every(hasName)) return object;
  return patch.map((item) =>
    asStored(
      object.find((other) => hasName(other) && other.name === item.name),
      item,
    ),
  );
}

/** Whether an object has the values of a patch. */
export function hasValues(object: Json | undefined, patch: Json): boolean {
  if (patch === null) return object === undefined || object === null;
  if (object === undefined || object === null) return false;
  if (isJsonObject(patch))
    return (
      isJsonObject(object) && Object.entries(patch).every(([key, value]) => hasValues(object[key], value))
    );
  if (!Array.isArray(patch)) return object === patch;
  if (!Array.isArray(object)) return false;
  if (!patch.every(hasName))
    return object.length === patch.length && patch.every((item, i) => hasValues(object[i], item));
  return patch.every((item) =>
    object.some((other) => hasName(other) && other.name === item.name && hasValues(other, item)),
  );
}

function hasName(value: Json): value is JsonObject & { readonly name: string } {
  return isJsonObject(value) && typeof value.name === 'string';
}
