import type { HealthCheck } from '../runbook/runbook.ts';
import { bindCommand } from './binding.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import type { Drill } from './drill.ts';
import { findSection } from './find-section.ts';
import { unknownNames } from './known-names.ts';
import type { PlannedHealthCheck, PlannedHealthChecks } from './plan.ts';
import type { RunbookInput } from './plan-procedure.ts';
import type { PlatformFile } from './platform.ts';
import { addressable, hostNames } from './platform-names.ts';
import { quote } from './quote.ts';
import type { Definition, Path, Source } from './source.ts';

export interface HealthContext {
  readonly drill: Definition<Drill>;
  readonly platform: PlatformFile;
  readonly runbook: RunbookInput | null;
}

type Spec = NonNullable<Drill['health-checks']>;
type Planned =
  | { readonly planned: PlannedHealthChecks | null }
  | { readonly errors: readonly DefinitionError[] };

const at: Path = ['health-checks'];

/** The health checks of a section of the runbook as a drill asks them: each one asked, or left out with a reason. */
export function planHealthChecks(context: HealthContext): Planned {
  const { drill, runbook } = context;
  const spec = drill.value['health-checks'];
  if (spec === undefined) return { planned: null };
  const error = (path: Path, message: string, suggestion: string | null = null): Planned => ({
    errors: [definitionError(drill.source.at([...at, ...path]), message, suggestion)],
  });
  if (runbook === null)
    return error(['section'], 'health checks are those of a runbook; expected "runbook" in this drill');
  const lookup = findSection(runbook.parsed, spec.section, runbook.file);
  if (!('found' in lookup)) return error(['section'], lookup.problem, lookup.suggestion);
  const { path, healthChecks } = lookup.found;
  if (healthChecks.length === 0) {
    const looks = '"- Name: URL", "- Name: command" or "- Name: SELECT …;"';
    return error(['section'], `the section ${quote(path.join(' > '))} has no line such as ${looks}`);
  }
  const errors = [...checkNames(context, spec, healthChecks), ...checkAsked(context, spec, healthChecks)];
  if (errors.length > 0) return { errors };
  const checks = healthChecks.map((check) => plannedCheck(check, spec, context.platform));
  return { planned: { section: path, mustNotice: spec['must-notice'] ?? false, checks } };
}

function checkNames(
  { drill: { source }, platform, runbook }: HealthContext,
  spec: Spec,
  checks: readonly HealthCheck[],
): readonly DefinitionError[] {
  const role = spec['sql-role'];
  const owner = `section ${quote(spec.section)} of ${runbook?.file ?? 'the runbook'}`;
  const left = (spec['leave-out'] ?? []).map(({ check }, i) => ({
    source,
    path: [...at, 'leave-out', i, 'check'],
    name: check,
  }));
  const bound = Object.keys(spec.bind ?? {}).map((name) => ({ source, path: [...at, 'bind', name], name }));
  return [
    ...unknownNames(left, { owner, what: 'health check', names: checks.map(({ name }) => name) }),
    ...unknownNames(bound, {
      owner,
      what: 'placeholder',
      names: checks.flatMap(({ placeholders }) => placeholders.map(({ name }) => name)),
    }),
    ...(role === undefined
      ? []
      : unknownNames([{ source, path: [...at, 'sql-role'], name: role }], {
          owner: `platform ${platform.platform}`,
          what: 'role, component or instance',
          names: addressable(platform),
        })),
  ];
}

/** What is asked has no hole in it: its placeholders are bound, and a statement has a database. */
function checkAsked(
  { drill: { source } }: HealthContext,
  spec: Spec,
  checks: readonly HealthCheck[],
): readonly DefinitionError[] {
  return checks
    .filter(({ name }) => reasonOf(spec, name) === undefined)
    .flatMap((check) => {
      const bound = bindCommand(check, spec.bind ?? {}, new Map());
      const line = `line ${check.lines.from} of the runbook, ${quote(check.text)}`;
      return [
        ...('unbound' in bound
          ? [missing(source, 'bind', `${line}, needs a value for ${bound.unbound.join(', ')}`)]
          : []),
        ...(check.kind === 'sql' && spec['sql-role'] === undefined
          ? [missing(source, 'sql-role', `${line}, is a statement: say which database it is for`)]
          : []),
      ];
    });
}

function missing(source: Source, key: 'bind' | 'sql-role', problem: string): DefinitionError {
  return definitionError(source.at(at, 'key'), `${problem}; expected "${key}" here, or "leave-out"`);
}

const reasonOf = (spec: Spec, name: string): string | undefined =>
  spec['leave-out']?.find(({ check }) => check === name)?.reason;

function plannedCheck(check: HealthCheck, spec: Spec, platform: PlatformFile): PlannedHealthCheck {
  const { name, lines } = check;
  const bound = bindCommand(check, spec.bind ?? {}, new Map());
  const text = 'text' in bound ? bound.text : check.text;
  const reason = reasonOf(spec, name) ?? (check.kind === 'url' ? whyNotAskable(text, platform) : undefined);
  if (reason !== undefined) return { name, lines, kind: 'left-out', text, reason };
  return check.kind === 'sql'
    ? { name, lines, kind: 'sql', text, role: spec['sql-role'] ?? '' }
    : { name, lines, kind: check.kind, text };
}

/** An address is asked only where the platform is: anybody else's host is none of a drill's business. */
function whyNotAskable(url: string, platform: PlatformFile): string | undefined {
  if (!URL.canParse(url)) return 'it is no address';
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' && (protocol !== 'https:' || platform.environment !== 'containers'))
    return 'the replica speaks HTTP without TLS';
  const hosts = Object.entries(platform.components).flatMap(([name, component]) =>
    hostNames(name, component),
  );
  return hosts.includes(hostname) ? undefined : `the platform ${platform.platform} has no host ${hostname}`;
}
