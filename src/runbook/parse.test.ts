import { describe, expect, it } from 'vitest';
import { parseRunbook } from './parse.ts';
import { commands, fence, manual, stepsOf } from './testing.ts';

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
