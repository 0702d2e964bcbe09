import type { LintFinding, LintRule } from './finding.ts';
import { calls, followedInSection, linesOf, option, type Use } from './uses.ts';

/** AWS calls that answer before anything has happened, and what waits for the effect. */
const asynchronous: readonly {
  readonly words: readonly string[];
  readonly message: string;
  readonly instead: (use: Use) => string;
}[] = [
  {
    words: ['route53', 'change-resource-record-sets'],
    message:
      'answers PENDING: the change is not in effect yet, and clients keep the old address until its TTL is over',
    instead: () =>
      'after it: aws route53 wait resource-record-sets-changed --id <change id>, then wait for the old TTL and resolve the name',
  },
  {
    words: ['rds', 'promote-read-replica'],
    message: 'returns at once: promotion goes on in the background and reboots the instance',
    instead: (use) =>
      `after it: aws rds wait db-instance-available --db-instance-identifier ${option(use, '--db-instance-identifier') ?? '<id>'}, then SELECT pg_is_in_recovery();`,
  },
];

/** An exit code 0 that means "accepted", not "done"; silent where the same section waits afterwards. */
export const awsAsynchronous: LintRule = ({ uses }): LintFinding[] =>
  asynchronous.flatMap(({ words, message, instead }) => {
    const [service = ''] = words;
    const waitedFor = followedInSection(uses, (use) => calls(use, 'aws', service, 'wait'));
    return uses.flatMap((use, i): LintFinding[] => {
      if (!calls(use, 'aws', ...words) || waitedFor(i)) return [];
      return [
        { rule: 'asynchronous', severity: 'warning', message, lines: linesOf(use), instead: instead(use) },
      ];
    });
  });

/** A day written into an option was right once. */
export const hardCodedDates: LintRule = ({ uses, options: { today } }): LintFinding[] =>
  uses.flatMap((use) => {
    const date = use.args
      .map((arg) => /^(?:--?[\w-]+=)?(\d{4}-\d{2}-\d{2})(?:T[\d:.Z+-]*)?$/.exec(arg)?.[1])
      .find((found) => found !== undefined);
    if (date === undefined || date >= today) return [];
    const message = `the day ${date} is written into the command: it was right for one incident only`;
    return [
      {
        rule: 'hard-coded-date',
        severity: 'warning',
        message,
        lines: linesOf(use),
        instead: 'a variable set in the line above, e.g. START="$(date -u -d \'-24 hours\' +%FT%TZ)"',
      },
    ];
  });
