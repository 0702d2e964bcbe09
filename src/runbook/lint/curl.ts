import type { LintFinding, LintRule } from './finding.ts';
import { linesOf, type Use } from './uses.ts';

interface CurlUrl {
  readonly use: Use;
  readonly url: string;
  readonly raw: string;
}

function urlsOf(uses: readonly Use[]): CurlUrl[] {
  return uses.flatMap((use) =>
    use.program !== 'curl'
      ? []
      : use.args.flatMap((url, i) =>
          /^https?:\/\//.test(url) ? [{ use, url, raw: use.raw[i] ?? url }] : [],
        ),
  );
}

function hasFlag({ args }: Use, short: string, ...long: readonly string[]): boolean {
  return args.some((arg) => long.includes(arg) || (/^-[A-Za-z]+$/.test(arg) && arg.includes(short)));
}

/** curl expands `{a,b}` and `[1-9]` in a URL itself, whatever the shell's quotes. */
export const curlGlobs: LintRule = ({ uses }): LintFinding[] =>
  urlsOf(uses)
    .filter(
      ({ use, url }) => /[{}]|\[(?![0-9a-f]*:[0-9a-f:.]*\])/i.test(url) && !hasFlag(use, 'g', '--globoff'),
    )
    .map(({ use, url }) => ({
      rule: 'curl-glob',
      severity: 'error',
      message: 'curl takes {} and [] in a URL for its own patterns ("bad range", exit 3); quotes do not help',
      lines: linesOf(use),
      instead: withDataUrlencode(url),
    }));

function withDataUrlencode(url: string): string {
  const [address = url, query] = url.split(/\?(.*)/s, 2);
  const quoted = query?.includes("'") === true ? `"${query}"` : `'${query}'`;
  return query === undefined ? `curl -g "${url}"` : `curl -fsS -G --data-urlencode ${quoted} ${address}`;
}

/** `?` and `*` outside quotes are the shell's. */
export const unquotedQuestionMark: LintRule = ({ uses }): LintFinding[] =>
  urlsOf(uses)
    .filter(({ raw }) => /^[^'"]*[?*]/.test(raw))
    .map(({ use, url }) => ({
      rule: 'unquoted-url',
      severity: 'warning',
      message:
        'outside quotes `?` is a shell pattern (and `&` would end the command): it works only while no file matches',
      lines: linesOf(use),
      instead: `curl '${url}'`,
    }));

/** A check whose exit code says nothing. */
export const curlHidesErrors: LintRule = ({ uses }): LintFinding[] =>
  urlsOf(uses)
    .filter(
      ({ use, url }) =>
        isCheck(use, url) &&
        !hasFlag(use, 'f', '--fail', '--fail-with-body', '--write-out') &&
        !hasFlag(use, 'w'),
    )
    .map(({ use, url }) => ({
      rule: 'curl-hides-errors',
      severity: 'warning',
      message: 'without -f curl exits 0 on a 500 or 404 as well: as a health check this cannot fail',
      lines: linesOf(use),
      instead: `curl -fsS '${url}'`,
    }));

function isCheck(use: Use, url: string): boolean {
  return hasFlag(use, 'I', '--head') || /\/(?:healthz?|readyz?|livez?|ping|status)(?:[/?]|$)/.test(url);
}
