import type { Runbook, Section } from '../runbook/runbook.ts';
import { nearest } from './nearest.ts';
import { quote, quoteList } from './quote.ts';

const separator = ' > ';

export type Found<T> =
  | { readonly found: T }
  | { readonly problem: string; readonly suggestion: string | null };

/**
 * The section that a heading path names: headings from the top joined by " > ", of which the last few are enough where
 * they are unique. Letter case does not count; numbers before headings ("3. ") need not be written.
 */
export function findSection(runbook: Runbook, query: string, file: string): Found<Section> {
  const wanted = query.split(separator).map(plain);
  const exact = runbook.sections.filter(({ path }) => endsWith(path.map(plain), wanted));
  const matches =
    exact.length > 0
      ? exact
      : runbook.sections.filter(({ path }) => endsWith(path.map(unnumbered), wanted.map(unnumbered)));
  const whole = matches.filter(({ path }) => path.length === wanted.length);
  const [only, second] = whole.length === 1 ? whole : matches;
  if (only !== undefined && second === undefined) return { found: only };
  const paths = runbook.sections.map(({ path }) => path.join(separator));
  if (only === undefined) return notThere(query, file, paths);
  const places = matches.map(({ path, lines }) => `${quote(path.join(separator))} (line ${lines.from})`);
  return {
    problem: `${matches.length} sections of ${file} are named ${quote(query)}: ${places.join(', ')}; write more of the path`,
    suggestion: null,
  };
}

function notThere(query: string, file: string, paths: readonly string[]): Found<Section> {
  const suggestion = nearest(query, paths) ?? nearestByHeading(query, paths);
  const others =
    suggestion === null ? `; it has ${paths.length === 0 ? 'no headings' : quoteList(paths)}` : '';
  return { problem: `the runbook ${file} has no section ${quote(query)}${others}`, suggestion };
}

function nearestByHeading(query: string, paths: readonly string[]): string | null {
  const heading = (path: string) => unnumbered(path.split(separator).at(-1) ?? path);
  const near = nearest(heading(query), paths.map(heading));
  return paths.find((path) => heading(path) === near) ?? null;
}

function endsWith(path: readonly string[], wanted: readonly string[]): boolean {
  return (
    wanted.length <= path.length &&
    wanted.every((heading, i) => heading === path[path.length - wanted.length + i])
  );
}

function plain(heading: string): string {
  return heading.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

function unnumbered(heading: string): string {
  return plain(heading).replace(/^\d+(\.\d+)*[.)]?\s+/, '');
}
