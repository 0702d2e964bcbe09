import { z } from 'zod';
import type { Complaint } from './explain.ts';
import { isJsonObject, type Json, type JsonObject } from './merge-patch.ts';
import { nearest } from './nearest.ts';
import { quote, quoteList } from './quote.ts';
import {
  branchesOf,
  fieldsOf,
  kindOf,
  requiredKeys,
  validTexts,
  wordsOf,
  wordsOfValue,
} from './schema-words.ts';

type Schema = z.core.$ZodType;
/** How a value misfits one schema that is no union: the way back into the recursion. */
type Explain = (schema: Schema, value: Json | undefined) => readonly Complaint[];

/**
 * A value that fits none of several alternatives: explained by the one its writer most likely meant, which the keys
 * that are there tell. Where they do not tell, all alternatives are named.
 */
export function explainUnion(union: Schema, value: Json | undefined, explain: Explain): readonly Complaint[] {
  const kind = isJsonObject(value) ? 'object' : Array.isArray(value) ? 'array' : typeof value;
  const kin = branchesOf(union).filter((branch) => kindOf(branch) === kind);
  const [only, ...others] = kin;
  if (only !== undefined && others.length === 0) return explain(only, value);
  if (only !== undefined && isJsonObject(value)) return explainMapping(kin, value, explain);
  const suggestion = typeof value === 'string' ? nearest(value, validTexts(union)) : null;
  return [root(`expected ${wordsOf(union)}, found ${wordsOfValue(value)}`, suggestion)];
}

function explainMapping(
  branches: readonly Schema[],
  value: JsonObject,
  explain: Explain,
): readonly Complaint[] {
  const guesses = branches.map((branch) => ({ branch, away: distance(branch, value) }));
  const least = Math.min(...guesses.map(({ away }) => away));
  const best = guesses.filter(({ away }) => away === least).map(({ branch }) => branch);
  const [only, ...others] = best;
  if (only === undefined) return [];
  const missing = [...new Set(best.flatMap((branch) => firstMissing(branch, value)))];
  return others.length === 0 || missing.length === 0 ? explain(only, value) : undecided(best, value, missing);
}

/** How much of a mapping contradicts an alternative: keys it does not have weigh more than what is still missing. */
function distance(branch: Schema, value: JsonObject): number {
  if (branch instanceof z.ZodDiscriminatedUnion)
    return Math.min(...branch.options.map((option) => distance(option, value)));
  const fields = fieldsOf(branch) ?? {};
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  const missing = requiredKeys(branch).filter((key) => !Object.hasOwn(value, key));
  const misspelt = unknown.filter((key) => nearest(key, missing) !== null);
  return 2 * (unknown.length - misspelt.length) + (missing.length > misspelt.length ? 1 : 0);
}

function firstMissing(branch: Schema, value: JsonObject): readonly string[] {
  return requiredKeys(branch)
    .filter((key) => !Object.hasOwn(value, key))
    .slice(0, 1);
}

function undecided(
  branches: readonly Schema[],
  value: JsonObject,
  missing: readonly string[],
): readonly Complaint[] {
  const unknown = Object.keys(value).find((key) =>
    branches.every((branch) => !Object.hasOwn(fieldsOf(branch) ?? {}, key)),
  );
  if (unknown === undefined) return [root(`a key is missing here; expected ${quoteList(missing)}`, null)];
  const message = `there is no key ${quote(unknown)} here; expected ${quoteList(missing)}`;
  return [
    { kind: 'unknown-key', path: [unknown], part: 'key', message, suggestion: nearest(unknown, missing) },
  ];
}

function root(message: string, suggestion: string | null): Complaint {
  return { kind: 'misfit', path: [], part: 'value', message, suggestion };
}
