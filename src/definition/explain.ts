import { z } from 'zod';
import { type DefinitionError, definitionError, inOrder } from './definition-error.ts';
import { explainUnion } from './explain-union.ts';
import { isJsonObject, type Json } from './merge-patch.ts';
import { nearest } from './nearest.ts';
import { quote, quoteList } from './quote.ts';
import {
  branchesOf,
  childOf,
  fieldsOf,
  unwrapped,
  validTexts,
  wordsOf,
  wordsOfValue,
} from './schema-words.ts';
import { type Path, type Source, valueAt } from './source.ts';

/** One thing that does not fit a schema, by path; the source knows where that stands. */
export interface Complaint {
  readonly kind: 'missing' | 'unknown-key' | 'misfit';
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly suggestion: string | null;
}

/** A value that does not fit its schema, told to the person who wrote it. */
export function explainMisfit(schema: z.core.$ZodType, source: Source): readonly DefinitionError[] {
  return inOrder(
    complaints(schema, source.data).map(({ path, part, message, suggestion }) =>
      definitionError(source.at(path, part), message, suggestion),
    ),
  );
}

/** Everything that keeps `data` from fitting, paths from `data` down. Empty when it fits. */
export function complaints(schema: z.core.$ZodType, data: Json | undefined): readonly Complaint[] {
  const parsed = z.safeParse(schema, data);
  if (parsed.success) return [];
  const all = parsed.error.issues.flatMap((issue) => explainIssue(schema, data, issue));
  const meant = new Set(
    all.flatMap(({ kind, path, suggestion }) =>
      kind === 'unknown-key' && suggestion !== null
        ? [JSON.stringify([...path.slice(0, -1), suggestion])]
        : [],
    ),
  );
  // A misspelt key is one mistake, not an unknown key and a missing one.
  return all.filter(({ kind, path }) => kind !== 'missing' || !meant.has(JSON.stringify(path)));
}

function explainIssue(
  schema: z.core.$ZodType,
  data: Json | undefined,
  issue: z.core.$ZodIssue,
): readonly Complaint[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const inner = schemaAt(schema, path, data) ?? schema;
  const value = data === undefined ? undefined : valueAt(data, path);
  // Where only one alternative is near, zod reports what it says as if there were no others.
  const ambiguous = branchesOf(inner).length > 1 && value !== undefined;
  if (ambiguous) return below(path, explainUnion(inner, value, complaints));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(inner, value, [...path, key]));
  if (issue.code === 'invalid_key') return [badKey(path, issue)];
  if (value === undefined && path.length > 0) return [missing(inner, path)];
  return [misfit(inner, value, path, issue)];
}

function below(path: Path, inside: readonly Complaint[]): readonly Complaint[] {
  return inside.map((complaint) => ({ ...complaint, path: [...path, ...complaint.path] }));
}

/** Follows a path; of tagged alternatives on the way, the one whose tag the data has. */
function schemaAt(schema: z.core.$ZodType, path: Path, data: Json | undefined): z.core.$ZodType | null {
  const [key, ...rest] = path;
  const branch = unwrapped(schema);
  if (branch instanceof z.ZodDiscriminatedUnion) {
    const tag = branch.def.discriminator;
    if (key === tag) return tagSchema(branch);
    const chosen = branch.options.find(
      (option) => isJsonObject(data) && fits(childOf(option, tag), data[tag]),
    );
    return chosen === undefined ? branch : schemaAt(chosen, path, data);
  }
  if (key === undefined) return schema;
  if (branch instanceof z.ZodUnion)
    return (
      branchesOf(branch)
        .map((each) => schemaAt(each, path, data))
        .find((found) => found !== null) ?? null
    );
  const child = childOf(branch, key);
  return child === null ? null : schemaAt(child, rest, data === undefined ? undefined : valueAt(data, [key]));
}

function fits(schema: z.core.$ZodType | null, value: Json | undefined): boolean {
  return schema !== null && z.safeParse(schema, value).success;
}

/** All tags of tagged alternatives, as one schema. */
function tagSchema({ options, def }: z.ZodDiscriminatedUnion): z.core.$ZodType {
  return z.literal(options.flatMap((option) => validTexts(childOf(option, def.discriminator) ?? option)));
}

function unknownKey(schema: z.core.$ZodType, value: Json | undefined, path: Path): Complaint {
  const key = String(path.at(-1));
  const fields = Object.keys(fieldsOf(schema) ?? {});
  const free = fields.filter((field) => !(isJsonObject(value) && Object.hasOwn(value, field)));
  // A key that is there already can be meant, too: it may come from the file that this one extends.
  // Of two that are as near, the one that is not there yet.
  const suggestion = nearest(key, [...free, ...fields]);
  const expected = suggestion === null && free.length > 0 ? `; expected ${quoteList(free)}` : '';
  return {
    kind: 'unknown-key',
    path,
    part: 'key',
    message: `there is no key ${quote(key)} here${expected}`,
    suggestion,
  };
}

function badKey(path: Path, issue: z.core.$ZodIssueInvalidKey): Complaint {
  const expected = issue.issues[0]?.message ?? 'another name';
  return {
    kind: 'misfit',
    path,
    part: 'key',
    message: `expected a name of ${expected}, found ${quote(String(path.at(-1)))}`,
    suggestion: null,
  };
}

function missing(schema: z.core.$ZodType, path: Path): Complaint {
  return {
    kind: 'missing',
    path,
    part: 'key',
    message: `${quote(String(path.at(-1)))} is missing; expected ${wordsOf(schema)}`,
    suggestion: null,
  };
}

function misfit(
  schema: z.core.$ZodType,
  value: Json | undefined,
  path: Path,
  issue: z.core.$ZodIssue,
): Complaint {
  const expected = expectation(schema, issue);
  const suggestion = typeof value === 'string' ? nearest(value, validTexts(schema)) : null;
  const hint =
    expected === 'true or false' && /^(yes|no|on|off|y|n)$/i.test(String(value))
      ? ' (YAML 1.2 knows only true and false)'
      : '';
  return {
    kind: 'misfit',
    path,
    part: 'value',
    message: `expected ${expected}, found ${wordsOfValue(value)}${hint}`,
    suggestion,
  };
}

function expectation(schema: z.core.$ZodType, issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `${limitWords[issue.origin] ?? 'a value of'} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `${limitWords[issue.origin] ?? 'a value of'} at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'starts_with' ? 'a path that starts with "/"' : `a name of ${issue.message}`;
    case 'custom':
      return issue.message;
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : wordsOf(schema);
    default:
      return wordsOf(schema);
  }
}

const limitWords: { readonly [origin: string]: string } = {
  array: 'a list whose length is',
  string: 'text whose length is',
  number: 'a number of',
  int: 'a whole number of',
};
