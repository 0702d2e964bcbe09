import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { events } from '../../test/reporters/events.ts';
import { judged, judgedBy, timelineOf } from '../../test/reporters/judged.ts';
import { plan } from '../../test/reporters/plan.ts';
import { judge } from '../checkers/judge.ts';
import type { SlotOutcome } from '../timeline/events.ts';
import type { SlotSeries } from '../timeline/timeline.ts';
import { page } from './html/page.ts';

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  /** `<rect …/>`: has no end of its own. */
  readonly whole: boolean;
  readonly attributes: readonly (readonly [string, string])[];
}

/** Tags of our own page. Anything that is not written the way the page writes it is an error here. */
function tagsOf(text: string): readonly Tag[] {
  const withoutStyle = text.replace(/<style>[^<]*<\/style>/, '').replace('<!doctype html>', '');
  return [...withoutStyle.matchAll(/<([^>]*)>/g)].map(([, inside = '']) => {
    const tag = /^(\/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*) ?\/?$/.exec(
      inside.replaceAll('\n', ' '),
    );
    if (tag === null) throw new Error(`not a tag of ours: <${inside}>`);
    const attributes = [...(tag[3] ?? '').matchAll(/ ([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    return { name: tag[2] ?? '', closing: tag[1] === '/', whole: inside.endsWith('/'), attributes };
  });
}

const values = (tags: readonly Tag[], attribute: string) =>
  tags.flatMap((tag) => tag.attributes.filter(([name]) => name === attribute).map(([, value]) => value));

describe('report.html', () => {
  const text = page(judged());
  const tags = tagsOf(text);

  it('asks no network and runs no script, and says so to the browser', () => {
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(text).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`);
    expect(tags.filter((tag) => ['script', 'iframe', 'object', 'form', 'img'].includes(tag.name))).toEqual(
      [],
    );
    expect(values(tags, 'src')).toEqual([]);
    expect(values(tags, 'style')).toEqual([]);
    expect(values(tags, 'href').filter((href) => !href.startsWith('#') && href !== 'data:,')).toEqual([]);
    expect(style).not.toMatch(/url\((?!#)|@import/);
  });

  it('leads every link and label somewhere, and uses no id twice', () => {
    const ids = values(tags, 'id');
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [
      ...values(tags, 'href'),
      ...values(tags, 'aria-labelledby').flatMap((list) => list.split(' ')),
    ];
    for (const target of targets.filter((one) => one !== 'data:,'))
      expect(ids).toContain(target.replace(/^#/, ''));
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    const alone = new Set(['meta', 'link']);
    for (const tag of tags) {
      if (tag.closing) expect(open.pop()).toBe(tag.name);
      else if (!tag.whole && !alone.has(tag.name)) open.push(tag.name);
    }
    expect(open).toEqual([]);
  });

  it('shows verdict, figures, ledger, steps with their output, and how to do it again', () => {
    for (const shown of [
      '2.29–2.36 s',
      'target 10m',
      'at most 32.35 s with people',
      '2m 33s (2m 30s of it people&#39;s)',
      'writer 2: 173 … 175',
      'patroni: command not found',
      'dr-playbook.md:146',
      'curl globs {} and []',
      'nothing bound to &lt;backup-id&gt;',
      'ran with a stand-in for aws',
      'Update connection strings',
      'the other provider',
      plan.runbook?.sha256 ?? '',
      'drillbook run database-primary-loss',
    ]) {
      expect(text).toContain(shown);
    }
  });

  it('shows command output without its colours and as text', () => {
    expect(text).toContain('&quot;DBInstanceStatus&quot;: &quot;modifying&quot;');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('keeps its shape whatever plans, findings and events say', () => {
    const evil = '</pre></svg></title></style>"><script>alert(1)</script><!-- \' onload="x" {{x}}';
    const poison = <T>(value: T, keys: ReadonlySet<string>): T =>
      JSON.parse(JSON.stringify(value), (key, inner) =>
        keys.has(key) && typeof inner === 'string' && inner !== '' ? inner + evil : inner,
      ) as T;
    const texts = new Set([
      'message',
      'todo',
      'where',
      'title',
      'description',
      'text',
      'reason',
      'stdout',
      'stderr',
      'observed',
      'check',
      'command',
      'file',
      'os',
      'how',
      'address',
    ]);
    const timeline = timelineOf(poison(events, texts));
    const poisoned = poison(plan, texts);
    const { findings } = judge(timeline, poisoned);
    const hostile = judged({ plan: poisoned, timeline, findings: poison(findings, texts) });
    const shape = (html: string) =>
      tagsOf(html)
        .map((tag) => tag.name)
        .join(' ');
    expect(shape(page(hostile))).toBe(shape(text));
  });

  it('says what is missing of a run that was cut off, and invents nothing', () => {
    const torn = page({
      ...judgedBy([]),
      timeline: timelineOf(events.filter((event) => event.atNs < 6.9e9)),
    });
    expect(torn).toContain('not measured');
    expect(torn).toContain('nothing shows that it was tried');
    tagsOf(torn);
  });

  it('stays small however long the run and however often the service failed', () => {
    const flapping = (probe: string): SlotSeries => ({
      probe,
      t0Ns: 2.5e9,
      periodNs: 1e7,
      deadlineNs: 1e9,
      length: 100_000,
      at: (slot) => {
        const dueNs = 2.5e9 + slot * 1e7;
        const outcome: SlotOutcome = Math.floor(slot / 150) % 2 === 0 ? 'ok' : 'failed';
        return { slot, dueNs, sentNs: dueNs, endNs: dueNs + 1e6, outcome, value: null, detail: null };
      },
    });
    const { timeline } = judged();
    const marks = timeline.marks.map((mark) =>
      mark.atNs > 1.3e10 ? { ...mark, atNs: mark.atNs + 9.9e11 } : mark,
    );
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const long = {
      ...timeline,
      marks,
      lastNs: 1e12 + 1.7e10,
      series: new Map(names.map((name) => [name, flapping(name)])),
    };
    expect(page(judged({ timeline: long })).length).toBeLessThan(500_000);
  });
});
