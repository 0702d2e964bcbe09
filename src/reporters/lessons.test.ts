import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { events } from '../../test/reporters/events.ts';
import { judged, timelineOf } from '../../test/reporters/judged.ts';
import { plan } from '../../test/reporters/plan.ts';
import type { Finding } from '../checkers/checker.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { lessonsMarkdown, lessons as lessonsReporter } from './lessons.ts';
import type { Judged } from './reporter.ts';

/** The sample run in a template of one part. */
function filledAs(lead: string, changes: Partial<Judged> = {}): string {
  const template = parseRunbook(`# R\n\n## Lessons Learned\n\n**${lead}**:\n- [x]\n`).lessons;
  if (plan.runbook === null || template === undefined) throw new Error('no template');
  return (
    lessonsMarkdown(
      judged({ ...changes, plan: { ...plan, runbook: { ...plan.runbook, lessons: template } } }),
    ) ?? ''
  );
}

const text =
  '# R\n\n## Lessons Learned\n\n**Went well**:\n- [x]\n\n**Went badly**:\n- [x]\n\n**To do**:\n- [x]\n\n**Course of events**:\n- [x]\n\n**Mood <b>**:\n- [say @all]\n';
const { lessons } = parseRunbook(text);
const withTemplate = () => {
  if (plan.runbook === null || lessons === undefined) throw new Error('no template');
  return judged({ plan: { ...plan, runbook: { ...plan.runbook, lessons } } });
};

describe('lessons-learned.md', () => {
  it("fills the runbook's own template with facts, and leaves what it does not know to people", () => {
    const markdown = lessonsMarkdown(withTemplate()) ?? '';
    expect(markdown).toContain('**Went well**:\n\n- ');
    expect(markdown).toContain('works as written');
    expect(markdown).toContain('Write instead');
    expect(markdown).toMatch(/\+0 s \(\d\d:\d\d:\d\d UTC\): fault primary-killed set off/);
    expect(markdown).not.toContain('<b>');
    expect(markdown).not.toContain('@all');
  });

  it.each([
    ['What went well', 'works as written'],
    ["What didn't go well", 'fails as written'],
    ['What didn’t work', 'fails as written'],
    ['What could have gone better', 'fails as written'],
    ['What to improve (action items)', 'Write instead'],
    ['Timeline', 'procedure promote began'],
  ])('knows what belongs under "%s"', (lead, fact) => {
    const markdown = filledAs(lead);
    expect(markdown).toContain(fact);
    const others = ['works as written', 'fails as written', 'Write instead', 'procedure promote began'];
    for (const other of others.filter((each) => each !== fact)) expect(markdown).not.toContain(other);
  });

  it('tells the course of events: what a correction was, and what came of healing', () => {
    const markdown = filledAs('Timeline');
    expect(markdown).toContain('(as corrected by the drill)');
    const active = events.map((event) =>
      event.type === 'fault.healed' ? ({ ...event, status: 'active' } as const) : event,
    );
    expect(filledAs('Timeline', { timeline: timelineOf(active) })).toContain(
      'fault primary-killed not healed, it is still active',
    );
  });

  it('says each thing once, and how many more there are', () => {
    const finding = (todo: string): Finding => ({
      dimension: 'runbook',
      status: 'fail',
      rule: 'rule',
      message: 'It fails.',
      todo,
    });
    const facts = (findings: readonly Finding[]) =>
      filledAs('To do', { findings })
        .split('\n')
        .filter((line) => line.startsWith('- '));
    expect(facts([finding('Mend it.'), finding('Mend it.')])).toEqual(['- Mend it.']);
    const many = facts(Array.from({ length: 203 }, (_, i) => finding(`Mend ${i}.`)));
    expect(many).toHaveLength(201);
    expect(many.at(-1)).toBe('- and 3 more');
    expect(facts([])).toEqual(['- nothing that the journal shows']);
  });

  it('lets no control character and no markup of a finding through', () => {
    const todo = `${String.fromCharCode(27)}[2J<script>[x](http://y)`;
    const nasty: Finding = { dimension: 'runbook', status: 'fail', rule: 'r', message: 'm.', todo };
    const markdown = filledAs('To do', { findings: [nasty] });
    expect(markdown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(markdown).not.toContain('<script>');
    expect(markdown).not.toContain('[x](');
  });

  it('is written beside the other reports', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'drillbook-lessons-'));
    try {
      expect(await lessonsReporter.write(withTemplate(), directory)).toEqual(['lessons-learned.md']);
      expect(await readFile(join(directory, 'lessons-learned.md'), 'utf8')).toBe(
        lessonsMarkdown(withTemplate()),
      );
      expect(await lessonsReporter.write(judged(), directory)).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('is not written for a runbook without such a section', () => {
    expect(lessonsMarkdown(judged())).toBeNull();
  });
});
