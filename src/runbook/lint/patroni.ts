import type { LintFinding, LintRule } from './finding.ts';
import { linesOf, option, type Use } from './uses.ts';

const controlCommands = new Set([
  'list',
  'switchover',
  'failover',
  'restart',
  'reinit',
  'pause',
  'resume',
  'topology',
  'history',
  'reload',
  'edit-config',
  'show-config',
]);

function isControl({ program, args }: Use): boolean {
  return (program === 'patroni' || program === 'patronictl') && args.some((arg) => controlCommands.has(arg));
}

/** `patroni` is the daemon; the commands are those of `patronictl`. */
export const patroniProgram: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter((use) => use.program === 'patroni' && isControl(use))
    .map((use) => ({
      rule: 'patroni-program',
      severity: 'error',
      message:
        '`patroni` is the daemon and has no such command: it stops with "Config is empty", or starts a second daemon where PATRONI_* is set',
      lines: linesOf(use),
      instead: corrected(use),
    }));

/** Patroni 4.0 removed `--master` from patronictl; `--leader` has been there since 2.1. */
export const removedMasterOption: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter((use) => isControl(use) && option(use, '--master') !== null)
    .map((use) => ({
      rule: 'patroni-master-option',
      severity: 'error',
      message: 'patronictl has no --master since Patroni 4.0: "No such option", exit 2',
      lines: linesOf(use),
      instead: corrected(use),
    }));

function corrected({ raw }: Use): string {
  return ['patronictl', ...raw.map((word) => word.replace(/^--master(?==|$)/, '--leader'))].join(' ');
}

const leaderGone = /\b(?:down|dead|gone|lost|fails?|failed|crashed|unreachable|unavailable)\b/i;

/** A switchover asks the leader to step down, so it cannot replace one that is gone; that is what a failover is for. */
export const switchoverWithoutLeader: LintRule = ({ uses }): LintFinding[] =>
  uses
    .filter(
      (use) => isControl(use) && use.args.includes('switchover') && leaderGone.test(use.step.title ?? ''),
    )
    .map((use) => ({
      rule: 'switchover-without-leader',
      severity: 'error',
      message:
        'a switchover needs a living leader: without one it fails, and while a dead one still holds its lease it exits 0 and does nothing',
      lines: linesOf(use),
      instead: `patronictl failover --candidate ${option(use, '--candidate') ?? '<member>'} --force, then check patronictl list`,
    }));

/** Only Patroni may start a member's PostgreSQL: it decides whether that is a primary. */
export const bypassesPatroni: LintRule = ({ uses }): LintFinding[] => {
  if (!uses.some(({ program }) => program === 'patroni' || program === 'patronictl')) return [];
  return uses.filter(startsPostgres).map((use) => ({
    rule: 'bypasses-patroni',
    severity: 'warning',
    message:
      'this runbook uses Patroni, and starting PostgreSQL behind its back may revive an old primary beside the new one (split brain)',
    lines: linesOf(use),
    instead: 'systemctl start patroni, then patronictl list',
  }));
};

function startsPostgres({ program, args }: Use): boolean {
  const starts = args.some((arg) => arg === 'start' || arg === 'restart');
  const service = args.some((arg) => /^postgres(?:ql)?(?:[@.-]|$)/.test(arg));
  return (
    starts && ((service && /^(?:systemctl|service)$/.test(program)) || /^pg_ctl(?:cluster)?$/.test(program))
  );
}
