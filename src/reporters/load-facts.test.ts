import { describe, expect, it } from 'vitest';
import { events } from '../../test/reporters/events.ts';
import { judged, timelineOf } from '../../test/reporters/judged.ts';
import { plan } from '../../test/reporters/plan.ts';
import { mark } from '../../test/reporters/step-events.ts';
import type { Plan } from '../definition/plan.ts';
import type { LoadEnded } from '../timeline/load-marks.ts';
import { loadPart } from './html/load-part.ts';
import { page } from './html/page.ts';
import { html, htmlText } from './html/template.ts';
import { resultOf } from './json.ts';
import { resultSchema } from './result.ts';
import { summaryMarkdown } from './summary.ts';
import { verdictLines } from './terminal.ts';

const underLoad: Plan = {
  ...plan,
  loads: {
    users: { kind: 'k6', script: 'users.ts', rate: 20, 'max-users': 100, thresholds: 'reported' },
  },
};
const ended: LoadEnded = {
  load: 'users',
  exitCode: 105,
  endedEarly: false,
  detail: null,
  figures: {
    requests: 1234,
    failedRatio: 0.125,
    p95Ms: 42.4,
    p99Ms: null,
    iterations: 380,
    droppedIterations: 0,
    thresholds: [{ metric: 'http_req_failed{name:<b>|}', condition: 'rate<0.01', ok: false }],
  },
};

/** The sample run under a load that ended so. */
function judgedWith(summary: LoadEnded | null) {
  const marks = [
    mark(2300, { type: 'load.started', load: 'users', kind: 'k6', ratePerSecond: 20 }),
    ...(summary === null ? [] : [mark(15_400, { type: 'load.summary', ...summary })]),
  ];
  const [header, ...others] = events;
  if (header?.type !== 'plan') throw new Error('no plan');
  return judged({
    plan: underLoad,
    timeline: timelineOf([{ ...header, plan: underLoad }, ...marks, ...others]),
  });
}

describe('reports of a load', () => {
  it('have nothing of it where the drill has none', () => {
    expect(resultOf(judged())).not.toHaveProperty('loads');
    expect(summaryMarkdown(judged())).not.toContain('## Load');
    expect(page(judged())).not.toContain('Users of the platform during the drill');
  });

  it('show its figures everywhere', () => {
    const it = judgedWith(ended);
    expect(resultSchema.parse(resultOf(it)).loads).toMatchObject([
      { name: 'users', ratePerSecond: 20, exitCode: 105, figures: { requests: 1234, failedRatio: 0.125 } },
    ]);
    expect(summaryMarkdown(it)).toContain(
      '| users | 1,234 | 12.5 % | 42 ms | – | 380 | 0 | crossed: http\\_req\\_failed{name:\\<b\\>\\|} rate\\<0.01 |',
    );
    expect(page(it)).toContain('<th scope="row">users</th><td>1,234</td><td>12.5 %</td><td>42 ms</td>');
    expect(page(it)).toContain('load users: users are at work');
    const lines = verdictLines(it, { width: 100, color: false }).filter((line) => line.startsWith('  load '));
    expect(lines).toEqual(['  load      Load "users": 1234 requests in 380 iterations, 12.5 % failed.']);
  });

  it('escape what a script calls its metrics', () => {
    const text = htmlText(html`${loadPart(judgedWith(ended))}`);
    expect(text).not.toContain('<b>');
    expect(text).toContain('&lt;b&gt;');
  });

  it('have dashes, not zeros, where nobody knows', () => {
    const it = judgedWith(null);
    expect(resultOf(it).loads).toMatchObject([{ name: 'users', exitCode: null, figures: null }]);
    expect(summaryMarkdown(it)).toContain('| users | – | – | – | – | – | – | – |');
  });
});
