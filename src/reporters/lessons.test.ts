import { describe, expect, it } from 'vitest';
import { judged } from '../../test/reporters/judged.ts';
import { plan } from '../../test/reporters/plan.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { lessonsMarkdown } from './lessons.ts';

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

  it('is not written for a runbook without such a section', () => {
    expect(lessonsMarkdown(judged())).toBeNull();
  });
});
