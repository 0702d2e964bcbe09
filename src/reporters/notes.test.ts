import { describe, expect, it } from 'vitest';
import { events } from '../../test/reporters/events.ts';
import { judged, timelineOf } from '../../test/reporters/judged.ts';
import { plan } from '../../test/reporters/plan.ts';
import { reproduceCommand } from './html/about-part.ts';
import { notesOf } from './notes.ts';

const windows = { steady: { windowMs: 3_000, withinMs: 30_000 }, settle: { windowMs: 2_000 } };
const holding = (holdMs: number) => ({ ...plan, ...windows, recovered: { ...plan.recovered, holdMs } });
const withOptions = (...options: readonly string[]) =>
  judged({
    plan: holding(10_000),
    timeline: timelineOf(events.map((event) => (event.type === 'plan' ? { ...event, options } : event))),
  });

describe('notesOf', () => {
  it('says that a short hold cannot show a relapse, and nothing of a long one', () => {
    expect(notesOf(judged({ plan: holding(9_999) }))).toEqual([
      expect.stringContaining('a relapse after that'),
    ]);
    expect(notesOf(judged({ plan: holding(10_000) }))).toEqual([]);
  });

  it('names windows that are shorter than the defaults', () => {
    const short = { ...holding(10_000), settle: { windowMs: 500 } };
    expect(notesOf(judged({ plan: short }))).toEqual([
      expect.stringContaining('settle 500ms instead of 2s.'),
    ]);
  });

  it('says that a platform was kept', () => {
    expect(notesOf(withOptions('--keep'))).toEqual([expect.stringContaining('--keep')]);
  });
});

describe('how to do it again', () => {
  it('repeats the options that the run was given, quoted for a shell, without --keep', () => {
    const line = reproduceCommand(
      withOptions('--platform', "my file's.yaml", '--runbooks', '../books', '--keep'),
    );
    expect(line).toMatch(/ --platform 'my file'\\''s\.yaml' --runbooks \.\.\/books$/);
  });
});
