import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a person who wrote `name` most likely meant.
 * @returns null when none is near: a wrong suggestion is worse than none
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, away: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  const best = ranked[0];
  if (best !== undefined && best.away <= allowed(wanted)) return best.candidate;
  return ranked.find(({ candidate }) => isPart(wanted, candidate.toLowerCase()))?.candidate ?? null;
}

/** Two slips in a short word, more in a long one; a name of three letters is another name after two. */
function allowed({ length }: string): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
}

/** `primary` for `primary-killed`, `Response` for `Response Steps`. */
function isPart(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 4 && long.includes(short);
}
