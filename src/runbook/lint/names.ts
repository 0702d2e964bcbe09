import type { LintFinding, LintRule } from './finding.ts';
import { linesOf, option, type Use } from './uses.ts';

interface NameUse {
  readonly name: string;
  readonly use: Use;
}

/** Last words that say only what kind of thing it is: `api-server` and `api-service` name the same. */
const kindWords = new Set([
  'server',
  'service',
  'svc',
  'srv',
  'app',
  'application',
  'deployment',
  'deploy',
  'backend',
  'api',
]);
const workload = /^(?:deployments?|deploy|statefulsets?|sts|daemonsets?|ds)(?:\.apps)?$/;

/**
 * One thing under two names. Heuristic: names of workloads and `app=` labels given to kubectl that agree but for a last
 * word which only says "this is a service". The name used less often is reported, once, where it is first used.
 */
export const twoNames: LintRule = ({ uses }): LintFinding[] => {
  const byStem = new Map<string, Map<string, NameUse[]>>();
  for (const found of uses.flatMap(namesIn)) {
    const stem = stemOf(found.name);
    if (stem === null) continue;
    const names = byStem.get(stem) ?? new Map<string, NameUse[]>();
    const others = names.get(found.name);
    if (others === undefined) names.set(found.name, [found]);
    else others.push(found);
    byStem.set(stem, names);
  }
  return [...byStem.values()].flatMap((names) => {
    const [usual, ...others] = [...names.values()].sort((a, b) => b.length - a.length);
    return usual === undefined ? [] : others.flatMap((other) => finding(usual, other));
  });
};

function finding(usual: readonly NameUse[], other: readonly NameUse[]): LintFinding[] {
  const [first] = other;
  const [same] = usual;
  if (first === undefined || same === undefined) return [];
  const message = `"${first.name}" here is "${same.name}" in line ${same.use.line}: if they are one service, a selector by the wrong name matches nothing`;
  return [
    {
      rule: 'two-names',
      severity: 'warning',
      message,
      lines: linesOf(first.use),
      instead: `one name throughout, e.g. ${same.name}`,
    },
  ];
}

function namesIn(use: Use): NameUse[] {
  if (use.program !== 'kubectl' && use.program !== 'oc') return [];
  const selector = option(use, '-l', '--selector') ?? '';
  const labels = [...selector.matchAll(/(?:^|,)(?:app|app\.kubernetes\.io\/name|name)==?([\w.-]+)/g)].map(
    ([, name = '']) => name,
  );
  const resources = use.args.flatMap((arg, i) => {
    const [kind = '', name] = arg.split('/', 2);
    if (name !== undefined) return workload.test(kind) ? [name] : [];
    const next = use.args[i + 1] ?? '-';
    return workload.test(arg) && !next.startsWith('-') && !next.includes('/') ? [next] : [];
  });
  return [...labels, ...resources].filter((name) => /^[\w.-]+$/.test(name)).map((name) => ({ name, use }));
}

function stemOf(name: string): string | null {
  const at = name.lastIndexOf('-');
  return at > 0 && kindWords.has(name.slice(at + 1)) ? name.slice(0, at) : null;
}
