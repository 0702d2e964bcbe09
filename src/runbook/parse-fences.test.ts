import { describe, expect, it } from 'vitest';
import { parseRunbook } from './parse.ts';
import type { CommandStep, ManualStep } from './runbook.ts';
import { commands, fence, stepsOf } from './testing.ts';

describe('fences', () => {
  it.each(['bash', 'sh', 'shell', 'zsh', 'Bash', '{.bash}', 'bash title="x"', 'console', ''])(
    'reads ```%s',
    (info) => {
      expect(commands(fence(info, '# why\nkubectl get pods'))).toEqual(['kubectl get pods']);
    },
  );

  it.each(['yaml', 'json', 'python', 'hcl', 'dockerfile'])('finds no steps in ```%s', (info) => {
    expect(stepsOf(fence(info, 'kubectl get pods\n□ x'))).toEqual([]);
  });

  it('takes prompts off and leaves output, whatever the label', () => {
    for (const info of ['console', 'shell-session', 'bash', '']) {
      const steps = stepsOf(fence(info, '$ kubectl get pods\nNAME  READY\napi   0/1'));
      expect(steps).toMatchObject([
        { kind: 'command', form: 'prompt', text: 'kubectl get pods', lines: { from: 4, to: 4 } },
      ]);
    }
  });

  it('types queries', () => {
    expect(stepsOf(fence('sql', 'SELECT 1;\nSELECT 2;'))).toMatchObject([
      { kind: 'query', language: 'sql', text: 'SELECT 1;' },
      { kind: 'query', language: 'sql', text: 'SELECT 2;' },
    ]);
    expect(stepsOf(fence('promql', 'up == 0'))).toMatchObject([
      { kind: 'query', language: 'promql', text: 'up == 0' },
    ]);
  });

  it('takes no words for commands: a message to customers has none', () => {
    const template =
      'Subject: We are back\n\nCurrent Status:\n- Core services are being restored\n- Docker is up\n\nWe will write again in 30 minutes.';
    expect(stepsOf(fence('', template))).toEqual([]);
    expect(stepsOf(fence('', 'NAME    READY   STATUS\napi-1   1/1     Running'))).toEqual([]);
  });

  it('finds commands behind labels', () => {
    const steps = stepsOf(
      fence(
        '',
        'Database:\n- Primary: pg_isready -h <host> -p 5432\n- Replica: SELECT pg_is_in_recovery();\n- API: http://x:8000/health',
      ),
    );
    expect(steps).toMatchObject([
      {
        kind: 'command',
        form: 'inline',
        title: 'Primary',
        text: 'pg_isready -h <host> -p 5432',
        placeholders: [{ name: 'host', line: 5 }],
      },
      { kind: 'query', title: 'Replica', text: 'SELECT pg_is_in_recovery();' },
    ]);
  });

  it('reads ~~~, unclosed and indented fences, with tabs and Windows line ends', () => {
    expect(
      commands(
        '~~~sh\r\nls -l\r\n~~~\r\n\r\n1.\tDo:\r\n\r\n\t```bash\r\n\tps aux \\\r\n\t  --x\r\n\t```\r\n\r\n```bash\r\ndf -h',
      ),
    ).toEqual(['ls -l', 'ps aux \\\n  --x', 'df -h']);
  });

  it('gives the commands of one fence one shell, and another fence another', () => {
    const [a, b, c] = stepsOf(`${fence('bash', 'cd x\nls')}${fence('bash', 'ls')}`) as CommandStep[];
    expect(a?.fence).toBe(b?.fence);
    expect(c?.fence).not.toBe(a?.fence);
  });
});

describe('numbered phases in a plain fence', () => {
  const text = fence(
    '',
    [
      '1. ASSESS (0-2 minutes)',
      '   □ Read the logs: kubectl logs -n mcp deployment/mcp-<cloud>',
      '',
      '2. ACT (If needed, 5-10 minutes)',
      '   □ Promote:',
      '     AWS RDS:',
      '     $ aws rds promote-read-replica --id r',
      '',
      '     Cloud SQL:',
      '     $ gcloud sql instances promote-replica r',
      '   □ By hand, or else:',
      '     a. Change DNS',
      '     - Tell people',
      '3. WATCH (Ongoing)',
      '   □ Wait',
      '4. REPORT',
      '   □ Write',
    ].join('\n'),
  );

  it('have budgets and lines', () => {
    expect(parseRunbook(text).sections[0]?.phases).toEqual([
      {
        ordinal: 1,
        name: 'ASSESS',
        when: '0-2 minutes',
        budget: { fromMs: 0, toMs: 120_000 },
        lines: { from: 4, to: 5 },
      },
      {
        ordinal: 2,
        name: 'ACT',
        when: 'If needed, 5-10 minutes',
        budget: { fromMs: 300_000, toMs: 600_000 },
        lines: { from: 7, to: 16 },
      },
      { ordinal: 3, name: 'WATCH', when: 'Ongoing', budget: null, lines: { from: 17, to: 18 } },
      { ordinal: 4, name: 'REPORT', when: null, budget: null, lines: { from: 19, to: 20 } },
    ]);
  });

  it('hold items, sub-items, and commands under their item', () => {
    const steps = stepsOf(text);
    const promote = steps.find((step) => step.text === 'Promote:') as ManualStep;
    const under = steps.filter((step) => step.under === promote.id);
    expect(under).toMatchObject([
      {
        kind: 'command',
        title: 'AWS RDS',
        text: 'aws rds promote-read-replica --id r',
        phase: 2,
        ordinal: 1,
      },
      {
        kind: 'command',
        title: 'Cloud SQL',
        text: 'gcloud sql instances promote-replica r',
        phase: 2,
        ordinal: 2,
      },
    ]);
    expect(promote.commands).toEqual(under.map(({ id }) => id));
    const byHand = steps.find((step) => step.text.startsWith('By hand'));
    expect(steps.filter(({ under: id }) => id === byHand?.id)).toMatchObject([
      { text: 'Change DNS', ordinal: 3 },
      { text: 'Tell people', ordinal: 4 },
    ]);
  });

  it('name commands in sentences', () => {
    expect(commands(text)[0]).toBe('kubectl logs -n mcp deployment/mcp-<cloud>');
  });
});
