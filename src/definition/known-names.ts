import { type DefinitionError, definitionError } from './definition-error.ts';
import { nearest } from './nearest.ts';
import { quote, quoteList } from './quote.ts';
import type { Path, Source } from './source.ts';

/** A name as it stands in a definition. */
export interface Mention {
  readonly source: Source;
  readonly path: Path;
  readonly name: string;
}

/** Names of one kind that may be mentioned: `what` as in `the platform local has no probe "x"`. */
export interface Known {
  /** Who has them, e.g. `platform local`. */
  readonly owner: string;
  readonly what: string;
  readonly names: Iterable<string>;
}

/** The errors of mentions that mean nothing, each with the nearest name that would. */
export function unknownNames(mentions: readonly Mention[], known: Known): readonly DefinitionError[] {
  const names = [...known.names];
  return mentions
    .filter(({ name }) => !names.includes(name))
    .map((mention) => unknownName(mention, known.owner, known.what, names));
}

function unknownName(
  { source, path, name }: Mention,
  owner: string,
  what: string,
  names: readonly string[],
): DefinitionError {
  const suggestion = nearest(name, names);
  const others =
    names.length === 0 ? '; it has none' : suggestion === null ? `; it has ${quoteList(names)}` : '';
  return definitionError(source.at(path), `the ${owner} has no ${what} ${quote(name)}${others}`, suggestion);
}

/** What is observed of roles, by a probe or a ledger. */
interface Observing {
  readonly kind: string;
  readonly role?: string;
  readonly workload?: string | undefined;
  readonly cluster?: string | undefined;
  readonly dns?: { readonly server: string } | undefined;
}

/** The roles that the probe or ledger at a path speaks to. */
export function rolesNamed(
  { source, path }: Omit<Mention, 'name'>,
  { role, workload, cluster, dns }: Observing,
): readonly Mention[] {
  return [
    ...(workload === undefined ? [] : [{ source, path: [...path, 'workload'], name: workload }]),
    ...(cluster === undefined ? [] : [{ source, path: [...path, 'cluster'], name: cluster }]),
    ...(role === undefined ? [] : [{ source, path: [...path, 'role'], name: role }]),
    ...(dns === undefined ? [] : [{ source, path: [...path, 'dns', 'server'], name: dns.server }]),
  ];
}

/** A list of names at a path as mentions; none where the list is not there. */
export function mentionsIn(
  source: Source,
  path: Path,
  names: readonly string[] | undefined,
): readonly Mention[] {
  return (names ?? []).map((name, i) => ({ source, path: [...path, i], name }));
}
