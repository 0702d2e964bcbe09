import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../parse.ts';
import type { LintFinding, LintOptions } from './finding.ts';
import { lintRunbook } from './lint.ts';

const today = '2026-12-01';
const lint = (text: string, options: Partial<LintOptions> = {}) =>
  lintRunbook(parseRunbook(text), text, { today, ...options });
const reviewed = '\n**Next Review Date**: 2027-06-30\n';
const bash = (body: string) => lint(`# R\n\`\`\`bash\n${body}\n\`\`\`\n${reviewed}`);
const rules = (found: readonly LintFinding[]) =>
  found.map(({ rule, severity, lines }) => `${severity} ${rule} ${lines.from}`);

describe('commands that do not work as written', () => {
  it.each([
    ['patroni list', 'error patroni-program 3', 'patronictl list'],
    [
      'patronictl switchover --master a --candidate b',
      'error patroni-master-option 3',
      'patronictl switchover --leader a --candidate b',
    ],
    [
      '# the primary is down\npatronictl switchover --leader a --candidate b',
      'error switchover-without-leader 4',
      'patronictl failover --candidate b --force',
    ],
    ['sudo -u postgres pg_waldump /var/lib/pg/pg_wal/', 'error pg-waldump-folder 3', 'pg_checksums'],
    ['kubectl get pods -A | grep -v Running', 'warning grep-not-running 3', 'awk'],
    [
      `curl -f "http://p/api?query=rate(x{s=~'5..'}[5m])"`,
      'error curl-glob 3',
      `--data-urlencode "query=rate(x{s=~'5..'}[5m])" http://p/api`,
    ],
    ['curl -f http://p/api?query=up', 'warning unquoted-url 3', "curl 'http://p/api?query=up'"],
    ['curl -I https://a/health', 'warning curl-hides-errors 3', '-fsS'],
    [`kubectl patch configmap c -p '{"data":{}}'`, 'warning configmap-without-restart 3', 'rollout restart'],
    [
      `kubectl patch deployment d -p '{"spec":{"containers":[{"args":["--x"]}]}}'`,
      'warning patch-replaces-list 3',
      '--type=json',
    ],
    ['kubectl scale deployment d --replicas=3', 'warning scale-with-autoscaler 3', 'hpa'],
    [
      'kubectl apply -f a/\nkubectl wait --for=condition=Ready pod -l app=a',
      'warning wait-after-apply 4',
      'rollout status',
    ],
    ['kubectl rollout undo deployment/a', 'warning undo-toggles 3', 'deployment/a --to-revision'],
    ['kubectl apply -f .', 'warning apply-folder 3', '-R'],
    [
      'aws route53 change-resource-record-sets \\\n  --hosted-zone-id Z',
      'warning asynchronous 3',
      'resource-record-sets-changed',
    ],
    [
      'aws rds promote-read-replica --db-instance-identifier r',
      'warning asynchronous 3',
      '--db-instance-identifier r',
    ],
    ['x export --start "2024-01-01"', 'warning hard-coded-date 3', 'date -u'],
    ['git checkout <last-good-commit>', 'error placeholder-in-command 3', '"$LAST_GOOD_COMMIT"'],
    ['ls \\\n  $DIR', 'error placeholder-in-command 4', 'DIR=…'],
  ])('%s', (command, expected, instead) => {
    const found = bash(command);
    expect(rules(found)).toContain(expected);
    expect(found.find(({ rule }) => expected.includes(` ${rule} `))?.instead).toContain(instead);
  });

  it('sees PostgreSQL started behind the back of Patroni, but only where Patroni is used', () => {
    expect(rules(bash('patronictl list\nsudo systemctl start postgresql@12-main'))).toEqual([
      'warning bypasses-patroni 4',
    ]);
    expect(bash('sudo systemctl start postgresql@12-main')).toEqual([]);
  });

  it('sees a context that stays switched', () => {
    const text = `# R\n## A\n\`\`\`bash\nkubectl config use-context backup\nkubectl get nodes\n\`\`\`\n## B\n\`\`\`bash\nkubectl get pods\n\`\`\`\n${reviewed}`;
    expect(rules(lint(text))).toEqual(['warning context-stays 4']);
  });

  it('sees one service under two names', () => {
    const [found, ...others] = bash(
      'kubectl logs -l app=api-server\nkubectl rollout status deployment/api-server\nkubectl get pods -l app=api-service -n x',
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({ rule: 'two-names', severity: 'warning', lines: { from: 5, to: 5 } });
    expect(found?.message).toContain('"api-service" here is "api-server" in line 3');
  });
});

describe('commands that do', () => {
  it.each([
    'patronictl list',
    'patronictl switchover --leader a --candidate b --force',
    'pg_waldump --path /var/lib/pg/pg_wal/ 000000010000000000000001',
    'kubectl get pods | grep -v Completed',
    `curl -fg "http://p/api?query=rate(x[5m])"`,
    "curl -fsS 'http://[::1]:9090/health'",
    'curl -fsS -G --data-urlencode "query=up" http://p/api',
    "curl -s -o /dev/null -w '%{http_code}' https://a/health",
    `kubectl patch configmap c -p '{}'\nkubectl rollout restart deployment/a`,
    `kubectl patch deployment d --type=json -p '[{"path":"/args"}]'`,
    'kubectl rollout undo deployment/a --to-revision=3',
    'kubectl apply -R -f .',
    'kubectl apply -f a/\nkubectl rollout status deployment/a',
    'aws rds promote-read-replica --db-instance-identifier r\naws rds wait db-instance-available --db-instance-identifier r',
    'kubectl logs -l app=api-server\nkubectl logs -l app=web-server\nkubectl logs -l app=auth-service',
    'DIR=/x\nls "$DIR"',
  ])('%s', (command) => expect(bash(command)).toEqual([]));
});

describe('the document', () => {
  it('needs a review date that lies ahead', () => {
    expect(rules(lint('# R'))).toEqual(['warning review-date 1']);
    expect(rules(lint('**Next Review Date**: [DATE]'))).toEqual(['error review-date 1']);
    expect(rules(lint('**Next Review Date**: 2026-11-30'))).toEqual(['error review-date 1']);
    expect(rules(lint(`**Next Review Date**: ${today}`))).toEqual([]);
  });

  it('has nothing left to fill in', () => {
    const text = `# R\n- [ ] Open #x-YYYYMMDD\n\n\`\`\`\nSubject: done by [TIME]\n\`\`\`\n- [List of lessons]\n${reviewed}`;
    expect(rules(lint(text))).toEqual([
      'warning placeholder-in-text 2',
      'warning placeholder-in-text 5',
      'warning placeholder-in-text 7',
    ]);
  });

  it('asks bash about every command, its placeholders filled in', () => {
    const asked: string[] = [];
    const syntax = (command: string) => {
      asked.push(command);
      return command.includes('if') ? 'bash: line 1: syntax error: unexpected end of file\nmore' : null;
    };
    const found = lint(`# R\n\`\`\`bash\nif true\nls <dir>\n\`\`\`\n${reviewed}`, { syntax });
    expect(rules(found)).toEqual(['error shell-syntax 3', 'error placeholder-in-command 4']);
    expect(found[0]?.message).toBe(
      'bash cannot read this command: bash: line 1: syntax error: unexpected end of file',
    );
    expect(asked).toContain('ls x');
  });

  it('never throws, and stays within the lines of the text', () => {
    const piece = fc.constantFrom(
      'kubectl ',
      'patroni list',
      'curl ',
      'http://x/{a}?b',
      ' | ',
      'grep -v Running',
      '"',
      "'",
      '\\',
      '\n',
      'sudo -u ',
      'aws rds promote-read-replica',
      '<x>',
      '$V',
      ';',
      '(',
      '-l ',
      'app=api-server',
      'patch',
      ' deployment/',
      'api-app',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = `# R\n\`\`\`bash\n${pieces.join('')}\n\`\`\`\n`;
        const last = text.split('\n').length;
        for (const { lines } of lint(text, { syntax: () => null }))
          expect(lines.from >= 1 && lines.to <= last).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

it('finds the flaws that our runbooks keep for drills to find', () => {
  const file = new URL('../../../fixtures/runbooks/complete-platform-outage.md', import.meta.url);
  const errors = lint(readFileSync(file, 'utf8')).filter(({ severity }) => severity === 'error');
  expect(errors.map(({ rule }) => rule)).toEqual([
    'patroni-program',
    'patroni-program',
    'patroni-master-option',
    'switchover-without-leader',
    'pg-waldump-folder',
    'curl-glob',
    'placeholder-in-command',
    'placeholder-in-command',
  ]);
});
