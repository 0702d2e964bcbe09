import { describe, expect, it } from 'vitest';
import { runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { stepsOf, withSabotage } from './patched-project.ts';

/** A step that ends well and has done nothing. */
const nothing = 'true';

describe('provider-outage, sabotaged', () => {
  it('finds and names the writes that stay lost when nothing is reconciled', async () => {
    const run = await withSabotage(
      {
        drill: 'provider-outage',
        inDrill(drill) {
          for (const step of stepsOf(drill, '(for turn in')) step.perform = nothing;
        },
      },
      (project) => runDrill(project, 'provider-outage'),
    );
    expect(run).toMatchObject({ exitCode: 1, verdict: { dimensions: { data: 'fail', recovery: 'pass' } } });
    const lost = run.findings.find(({ rule }) => rule === 'rpo.lost');
    const before = run.findings.find(({ rule }) => rule === 'rpo.before-return');
    expect(lost?.message).toMatch(/^Ledger "tenants" lost \d+ acknowledged writes? \(\d+-\d+/);
    expect(lost?.figures?.lost).toBe(before?.figures?.missing);
    expect(lost?.details).not.toEqual([]);
    const step = run.findings.find(({ message }) => message.includes('rows that only the old primary had'));
    expect(step).toMatchObject({ rule: 'runbook.manual', status: 'inconclusive' });
  });

  it.runIf(full)(
    'recovers only when the cloud is back, too late, when nobody promotes the standby',
    async () => {
      const run = await withSabotage(
        {
          drill: 'provider-outage',
          inDrill(drill) {
            for (const step of stepsOf(drill, 'gcloud sql instances promote-replica')) {
              step.perform = nothing;
              step.verify = (step.verify as readonly object[]).map((check) => ({ ...check, within: '1s' }));
            }
            for (const stage of drill.stages) if (stage.until === 'recovered') stage.within = '30s';
          },
        },
        (project) => runDrill(project, 'provider-outage'),
      );
      expect(run.exitCode).toBe(1);
      const late = run.findings.find(({ message }) => message.startsWith('"rto-gate"'));
      expect(late).toMatchObject({ dimension: 'recovery', status: 'fail' });
      expect(
        run.findings.find(({ message }) => message.includes('db-primary does not return')),
      ).toMatchObject({
        dimension: 'validity',
        status: 'inconclusive',
      });
      const step = run.findings.find(({ message }) => message.includes('the replica is a primary now'));
      expect(step?.message).toContain('it exited with 0 and did nothing');
    },
  );
});
