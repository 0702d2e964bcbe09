import { z } from 'zod';
import { quote, quoteList } from './quote.ts';

/** The schema inside `optional`, `transform` and the like: what a person has to write. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrapped(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema;
}

/** Keys a mapping may have; null when the schema is no mapping with fixed keys. */
export function fieldsOf(schema: z.core.$ZodType): { readonly [key: string]: z.core.$ZodType } | null {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? inner.shape : null;
}

/** Keys that a mapping must have. */
export function requiredKeys(schema: z.core.$ZodType): readonly string[] {
  const fields = Object.entries(fieldsOf(schema) ?? {});
  return fields.filter(([, field]) => !(field instanceof z.ZodOptional)).map(([key]) => key);
}

/** The alternatives of a union, plain unions within it included; the schema itself when it is none. */
export function branchesOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const inner = unwrapped(schema);
  const plain = inner instanceof z.ZodUnion && !(inner instanceof z.ZodDiscriminatedUnion);
  return plain ? inner.options.flatMap(branchesOf) : [inner];
}

/** What `typeof` says of values that fit, lists apart: `object`, `array`, `string`, `number`, `boolean`. */
export function kindOf(schema: z.core.$ZodType): string {
  const { def } = unwrapped(schema)._zod;
  if (def.type === 'enum') return 'string';
  if (schema instanceof z.ZodLiteral) return typeof [...schema.values][0];
  if (def.type === 'record' || def.type === 'union') return 'object';
  return def.type === 'int' ? 'number' : def.type;
}

/** The schema of what stands one key deeper, if it can be told without looking at the data. */
export function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | null {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return inner.shape[String(key)] ?? null;
  // Tagged alternatives share what is not their tag's business, such as the tag of a union around them.
  if (inner instanceof z.ZodDiscriminatedUnion)
    return key === inner.def.discriminator ? null : childOf(inner.options[0] as z.core.$ZodType, key);
  if (inner instanceof z.ZodArray) return inner.element;
  return inner instanceof z.ZodRecord ? inner.valueType : null;
}

/** What is expected, in words: `a duration such as …`, `"SIGKILL" or "SIGTERM"`, `a list`. */
export function wordsOf(schema: z.core.$ZodType): string {
  const titled = z.globalRegistry.get(schema)?.title ?? z.globalRegistry.get(unwrapped(schema))?.title;
  if (titled !== undefined) return titled;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodDiscriminatedUnion)
    return `a mapping with ${quote(inner.def.discriminator)}: ${tagsOf(inner)}`;
  if (inner instanceof z.ZodUnion) return [...new Set(branchesOf(inner).map(wordsOf))].join(' or ');
  if (inner instanceof z.ZodEnum) return quoteList(inner.options.map(String));
  if (inner instanceof z.ZodLiteral) return quoteList([...inner.values].map(String));
  if (inner instanceof z.ZodObject)
    return `a mapping with ${quoteList(requiredKeys(inner)).replace(' or ', ' and ') || 'keys'}`;
  return kinds[inner._zod.def.type] ?? 'another value';
}

function tagsOf(union: z.ZodDiscriminatedUnion): string {
  return quoteList(
    union.options.flatMap((option) => validTexts(childOf(option, union.def.discriminator) ?? option)),
  );
}

const kinds: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  record: 'a mapping',
  object: 'a mapping',
};

/** What a value is, in words: `the number 90`, `"foo"`, `a list`, `nothing`. */
export function wordsOfValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `${value}`;
  return Array.isArray(value) ? 'a list' : 'a mapping';
}

/** Texts that are valid at this place, for the nearest of them. */
export function validTexts(schema: z.core.$ZodType): readonly string[] {
  return branchesOf(schema).flatMap((branch) => {
    if (branch instanceof z.ZodEnum) return branch.options.map(String);
    return branch instanceof z.ZodLiteral ? [...branch.values].map(String) : [];
  });
}
