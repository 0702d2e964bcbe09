import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from './parse.ts';
import type { CommandStep, ManualStep, Step } from './runbook.ts';
import { stepsAsText } from './steps-as-text.ts';

const stepsOf = (text: string): Step[] => parseRunbook(text).sections.flatMap(({ steps }) => steps);
const commands = (text: string) =>
  stepsOf(text).flatMap((step) => (step.kind === 'command' ? [step.text] : []));
const manual = (text: string) => stepsOf(text).flatMap((step) => (step.kind === 'manual' ? [step.text] : []));
const fence = (info: string, body: string) => `# R\n\n\`\`\`${info}\n${body}\n\`\`\`\n`;

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

describe('lists', () => {
  it('takes checklists, numbered ones too, and numbered instructions', () => {
    expect(manual('- [ ] a\n- [x] b\n')).toEqual(['a', 'b']);
    expect(manual('1. [ ] a\n2. [ ] b\n')).toEqual(['a', 'b']);
    expect(manual('1. Check the logs\n2. Restart the pods\n')).toEqual([
      'Check the logs',
      'Restart the pods',
    ]);
    expect(manual('1. **Database layer** (first)\n2. [Link](#x)\n\n- Check nothing\n')).toEqual([]);
  });

  it('puts a fence of an item under that item', () => {
    const [step, command] = stepsOf('1. Look at the pods:\n\n   ```bash\n   kubectl get pods\n   ```\n');
    expect(step).toMatchObject({
      kind: 'manual',
      text: 'Look at the pods:',
      commands: [command?.id],
      lines: { from: 1, to: 1 },
    });
    expect(command).toMatchObject({
      kind: 'command',
      title: 'Look at the pods',
      under: step?.id,
      lines: { from: 4, to: 4 },
    });
  });

  it('finds commands in items: as code, behind a colon, behind Run', () => {
    expect(
      commands(
        '- [ ] Look: `kubectl get pods`\n- [ ] Logs: kubectl logs -n x y\n- [ ] Run redis-cli -h x ping\n- Health: `curl -f http://x`\n',
      ),
    ).toEqual(['kubectl get pods', 'kubectl logs -n x y', 'redis-cli -h x ping', 'curl -f http://x']);
    expect(
      commands(
        'Join `#incident-YYYYMMDD`. The `kubectl get pods` output is long.\n\nRun `kubectl get nodes` first.',
      ),
    ).toEqual(['kubectl get nodes']);
  });

  it('takes numbered items with a time for phases', () => {
    const [section] = parseRunbook(
      '# R\n1. **Assess** (0-5 minutes)\n   - [ ] Look\n2. Act (5-10 min)\n   - [ ] Do\n',
    ).sections;
    expect(section?.phases).toMatchObject([
      { name: 'Assess', budget: { toMs: 300_000 } },
      { name: 'Act', budget: { fromMs: 300_000 } },
    ]);
    expect(section?.steps).toMatchObject([
      { text: 'Look', phase: 1, ordinal: 1 },
      { text: 'Do', phase: 2, ordinal: 1 },
    ]);
  });

  it('takes a heading with a time for the phase of its own steps', () => {
    const [section] = parseRunbook('## Act now (0-15 minutes)\n- [ ] a\n').sections;
    expect(section).toMatchObject({
      phases: [{ ordinal: 1, name: 'Act now', budget: { fromMs: 0, toMs: 900_000 } }],
      steps: [{ phase: 1 }],
    });
  });
});

describe('the document', () => {
  it('joins level-1 headings that follow each other, and leaves them out of paths', () => {
    const runbook = parseRunbook('# A\n# B\n## C\n### D\nSetext\n------\n');
    expect(runbook.title).toBe('A: B');
    expect(runbook.sections.map(({ path }) => path)).toEqual([['A'], ['B'], ['C'], ['C', 'D'], ['Setext']]);
    expect(runbook.sections.map(({ lines }) => lines)).toContainEqual({ from: 5, to: 7 });
  });

  it.each([
    [
      'bold',
      '**Response Time**: 15 minutes  \n**RTO:** 4 hours\n**RPO**: 5 min\n**Runbook Owner**: Team A\n**Last Updated**: 2026-01-02\n**Next Review Date**: 30 June 2027',
    ],
    [
      'a table',
      '| Field | Value |\n|--|--|\n| Response Time | 15 minutes |\n| RTO | 4 hours |\n| RPO | 5 min |\n| Owner | Team A |\n| Last Updated | 2026-01-02 |\n| Next Review | 2027-06-30 |',
    ],
    [
      'front matter',
      '---\nresponse_time: 15 minutes\nrto: 4 hours\nrpo: 5 min\nowner: Team A\nlast_updated: 2026-01-02\nnext_review: 2027-06-30\n---',
    ],
    [
      'a list',
      '- Response time: 15 minutes\n- RTO: 4 hours\n- RPO: 5 min\n- Owner: Team A\n- Last updated: 2026-01-02\n- Next review: 2027-06-30',
    ],
  ])('reads metadata from %s', (_name, text) => {
    expect(parseRunbook(text).metadata).toMatchObject({
      responseTimeMs: { value: 900_000 },
      rtoMs: { value: 14_400_000 },
      rpoMs: { value: 300_000 },
      owner: { value: 'Team A' },
      lastUpdated: { value: '2026-01-02' },
      nextReview: { value: '2027-06-30' },
    });
  });

  it('says that a review date is none', () => {
    expect(parseRunbook('**Next Review Date**: [DATE]').metadata.nextReview).toEqual({
      value: null,
      text: '[DATE]',
      lines: { from: 1, to: 1 },
    });
  });

  it('reads criteria, which are no steps', () => {
    const runbook = parseRunbook('## Success Criteria\n- [ ] All up\n- Errors below baseline\n');
    expect(runbook.criteria.map(({ text }) => text)).toEqual(['All up', 'Errors below baseline']);
    expect(runbook.sections[0]?.steps).toEqual([]);
  });

  it('reads escalations', () => {
    const text =
      '## Escalation\n**Escalate to CEO if**:\n- Outage exceeds 4 hours\n- Data at risk\n\n1. On-Call (first 15 minutes)\n2. Lead (if unresolved after 15 minutes)\n3. VP (customer impact > 30 minutes)\n';
    expect(parseRunbook(text).escalations.map(({ to, afterMs, untilMs }) => [to, afterMs, untilMs])).toEqual([
      ['CEO', 14_400_000, undefined],
      ['CEO', null, undefined],
      ['On-Call', 0, 900_000],
      ['Lead', 900_000, undefined],
      ['VP', 1_800_000, undefined],
    ]);
    expect(
      parseRunbook('# Escalation\n| Level | Contact | When |\n|-|-|-|\n| 1 | Ops | after 10 minutes |')
        .escalations,
    ).toMatchObject([{ to: 'Ops', afterMs: 600_000 }]);
  });

  it('reads intervals and tables of fixes', () => {
    const runbook = parseRunbook(
      'Write every 15 minutes, hourly to all.\n\nAnother update in 30 minutes.\n\n| Problem | Symptoms | Solution |\n|-|-|-|\n| Full disk | `No space` | Delete |\n',
    );
    expect(runbook.intervals.map(({ everyMs }) => everyMs)).toEqual([900_000, 3_600_000, 1_800_000]);
    expect(
      parseRunbook(`# F\n| Issue | Symptoms | Fix |\n|-|-|-|\n| Full disk | \`No space\` | Delete |`)
        .sections[0]?.fixes,
    ).toEqual([{ issue: 'Full disk', symptoms: 'No space', fix: 'Delete', lines: { from: 4, to: 4 } }]);
  });

  it('leaves HTML comments out', () => {
    expect(
      stepsOf('# R\n<!--\n- [ ] no\n```bash\nno\n```\n-->\n- [ ] yes\n').map(({ text }) => text),
    ).toEqual(['yes']);
  });
});

describe('ids', () => {
  const text =
    '# R\n## 3. Database Failure\n### Response Steps\nProse.\n```bash\n# note\naws rds promote-read-replica --id x\n```\n- [ ] Look\n';
  const ids = (markdown: string) => stepsOf(markdown).map(({ id }) => id);

  it('name section and words', () => {
    expect(ids(text)[0]).toMatch(/^database-failure\.aws-rds-promote-read\.[0-9a-z]{7}$/);
  });

  it('tell the same step of two procedures apart', () => {
    const same = '### Failover\n```bash\nls -l\n```\n';
    const [a, b] = ids(`# R\n## East\n${same}## West\n${same}`);
    expect(a).toMatch(/^failover\.ls\./);
    expect(b).toMatch(/^failover\.ls\.[0-9a-z]{7}$/);
    expect(b).not.toBe(a);
  });

  it('stay when text around moves or is reworded', () => {
    const moved = text.replace('Prose.', '\n\nOther words.\n\n- [ ] New\n').replace('# note', '# other');
    expect(ids(moved)).toEqual(expect.arrayContaining(ids(text)));
  });

  it('change with the text, and differ among equals', () => {
    expect(ids(text.replace('--id x', '--id y'))[0]).not.toBe(ids(text)[0]);
    const twice = ids(fence('bash', 'ls -l\nls -l'));
    expect(twice[1]).toBe(`${twice[0]}-2`);
  });
});

describe('any text', () => {
  it('may hold more steps, or more in one line, than a call takes arguments', () => {
    const many = 150_000;
    expect(commands(fence('bash', 'x\n'.repeat(many)))).toHaveLength(many);
    expect(parseRunbook('<n>'.repeat(many)).placeholders).toHaveLength(many);
  });

  const word = fc.constantFrom(
    '# ',
    '## S (0-5 minutes)',
    '- ',
    '- [ ] ',
    '1. ',
    '```',
    '```bash',
    '~~~',
    '> ',
    '□ ',
    '1. ACT (0-2 min)',
    '$ ls',
    '# ls -l',
    '**Owner**: ',
    '| a | b |',
    '|-|-|',
    '<x>',
    '[DATE]',
    `\${V}`,
    '{{y}}',
    'kubectl get pods',
    'SELECT 1;',
    '    ',
    '\t',
    '\n',
    '\n',
    '\n\n',
    '\r\n',
    '---',
    '===',
    '<!--',
    '-->',
    '`',
    '**',
    'every 5 minutes',
    '\u0000',
    '😀',
    "'",
    '"',
    '\\',
  );
  const markdown = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
  );

  it('is read without an error, with unique ids and links that lead somewhere', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const runbook = parseRunbook(text);
        const steps = runbook.sections.flatMap((section) => section.steps);
        const known = new Set(steps.map(({ id }) => id));
        const last = text.split(/\r\n|\n|\r/).length;
        expect(known.size).toBe(steps.length);
        for (const step of steps) {
          expect(step.under === null || known.has(step.under)).toBe(true);
          expect(step.lines.from >= 1 && step.lines.from <= step.lines.to && step.lines.to <= last).toBe(
            true,
          );
        }
        expect(JSON.parse(JSON.stringify(runbook))).toEqual(runbook);
        expect(stepsAsText(runbook)).not.toMatch(/(?!\n)\p{Cc}/u);
      }),
      { numRuns: 600 },
    );
  });

  it('keeps every line of a shell fence in one command, in order, wherever the fence stands', () => {
    const line = fc
      .oneof(
        fc.constantFrom(
          'ls -l',
          'for i in 1; do',
          'done',
          'x |',
          'y \\',
          'cat <<E',
          'E',
          "a 'b",
          '# c',
          '',
          'f() {',
          '}',
        ),
        fc.string({ maxLength: 12 }),
      )
      .filter((text) => !/[`~\r\n\v\f\u0085\u2028\u2029\t]/.test(text) && !/^\s*\$ /.test(text));
    const place = fc.constantFrom('', '   ', '- ', '1. ');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), place, (lines, mark) => {
        const indent = ' '.repeat(mark.length);
        const body = ['```bash', ...lines, '```']
          .map((text, i) => (i === 0 ? mark : indent) + text)
          .join('\n');
        const isWork = (text: string) => text.trim() !== '' && !text.trim().startsWith('#');
        const kept = commands(`# R\n\n${body}\n`).flatMap((text) => text.split('\n'));
        expect(kept.filter(isWork).map((text) => text.trim())).toEqual(
          lines.filter(isWork).map((text) => text.trim()),
        );
      }),
      { numRuns: 400 },
    );
  });
});
