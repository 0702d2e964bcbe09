import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Json } from './merge-patch.ts';
import type { Path } from './source.ts';

/** A file of a few kilobytes can stand for gigabytes of aliases of aliases: this many values are plenty for a definition. */
const mostValues = 50_000;
const deepest = 60;

interface Problem {
  readonly offset: number;
  readonly message: string;
}

export interface PlainData {
  readonly data: Json;
  readonly problems: readonly Problem[];
  /** By path as JSON: where the value begins, and the key before it (the value itself in lists). */
  readonly offsets: ReadonlyMap<string, { readonly key: number; readonly value: number }>;
}

interface Walk {
  readonly document: Document.Parsed;
  readonly problems: Problem[];
  readonly offsets: Map<string, { readonly key: number; readonly value: number }>;
  /** Nodes that are being expanded: an alias to one of them is a cycle. */
  readonly open: Set<Node>;
  values: number;
}

/** A YAML document as JSON: text keys only, aliases expanded within bounds, no tags, nothing that is not JSON. */
export function plainData(document: Document.Parsed): PlainData {
  const walk: Walk = { document, problems: [], offsets: new Map(), open: new Set(), values: 0 };
  const data = convert(walk, document.contents, [], 0);
  return { data, problems: walk.problems, offsets: walk.offsets };
}

function convert(walk: Walk, node: unknown, path: Path, keyOffset: number): Json {
  const offset = startOf(node) ?? keyOffset;
  walk.offsets.set(JSON.stringify(path), { key: keyOffset, value: offset });
  if (++walk.values > mostValues)
    return once(walk, offset, `the file's aliases expand to more than ${mostValues} values`);
  if (path.length > deepest) return once(walk, offset, `this is nested more than ${deepest} deep`);
  if (isAlias(node)) return alias(walk, node, path, keyOffset);
  if (isMap(node)) return guarded(walk, node, () => mapping(walk, node.items, path));
  if (isSeq(node))
    return guarded(walk, node, () =>
      node.items.map((item, i) => convert(walk, item, [...path, i], startOf(item) ?? offset)),
    );
  return isScalar(node) ? scalar(walk, node.value, offset) : null;
}

function scalar(walk: Walk, value: unknown, offset: number): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return problem(walk, offset, 'expected text, a finite number, true, false or null');
}

function alias(
  walk: Walk,
  node: Node & { readonly source: string; resolve(document: Document): Node | undefined },
  path: Path,
  keyOffset: number,
): Json {
  const offset = startOf(node) ?? keyOffset;
  const target = node.resolve(walk.document);
  if (target === undefined)
    return problem(walk, offset, `the alias *${node.source} has no anchor &${node.source} before it`);
  if (walk.open.has(target)) return problem(walk, offset, `the alias *${node.source} contains itself`);
  return walk.problems.length > 0 ? null : convert(walk, target, path, keyOffset);
}

function mapping(walk: Walk, pairs: readonly Pair[], path: Path): Json {
  const entries: [string, Json][] = [];
  for (const pair of pairs) {
    const offset = startOf(pair.key) ?? 0;
    const key = keyText(walk, pair, offset);
    if (key !== null) entries.push([key, convert(walk, pair.value, [...path, key], offset)]);
  }
  return Object.fromEntries(entries);
}

function keyText(walk: Walk, { key }: Pair, offset: number): string | null {
  const value = isScalar(key) ? key.value : undefined;
  if (typeof value !== 'string') {
    problem(walk, offset, 'this key is not text; expected a name (put it in quotes if it is one)');
  } else if (value === '__proto__') {
    problem(walk, offset, 'the key "__proto__" is not allowed');
  } else if (value === '<<') {
    problem(walk, offset, 'merge keys ("<<") are not part of YAML 1.2; write the keys out');
  } else {
    return value;
  }
  return null;
}

function guarded(walk: Walk, node: Node, build: () => Json): Json {
  walk.open.add(node);
  const data = build();
  walk.open.delete(node);
  return data;
}

/** Bounds are said once, not for each of the thousand values beyond them. */
function once(walk: Walk, offset: number, message: string): null {
  return walk.problems.some((known) => known.message === message) ? null : problem(walk, offset, message);
}

function problem(walk: Walk, offset: number, message: string): null {
  walk.problems.push({ offset, message });
  return null;
}

function startOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly number[] | null } | null)?.range?.[0];
}
