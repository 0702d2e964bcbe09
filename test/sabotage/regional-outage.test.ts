import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type RunDrill, runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { type DrillFile, type Sabotage, type StepFile, stepsOf, withSabotage } from './patched-project.ts';

const drill = 'regional-outage';
const file = new URL('../../fixtures/platforms/multi-cloud.yaml', import.meta.url);
const { components } = parse(readFileSync(file, 'utf8'));

function run(variant: string, sabotage: Omit<Sabotage, 'drill'>): Promise<RunDrill> {
  return withSabotage({ drill, ...sabotage }, (project) => runDrill(project, `${drill}/${variant}`));
}

/** What is wrong shows at once: nobody has to wait for it, nor to see the way back. */
function brief(file: DrillFile): void {
  const { stages, objectives } = file;
  for (const stage of stages.filter(({ until }) => until !== undefined)) stage.within = '3s';
  for (const { verify = [] } of stages.flatMap(({ steps = [] }) => steps as Verified[]))
    for (const check of verify) check.within = '2s';
  stages.splice(0, stages.length, ...stages.filter(({ failback }) => failback === undefined));
  for (const name of ['failback', 'failback-gate']) delete (objectives as { [name: string]: unknown })[name];
}

interface Verified extends StepFile {
  readonly verify?: { within?: string }[];
}

/** Finding and details of that rule and status, one text each. */
function told({ findings }: RunDrill, rule: string, status: string): string {
  return findings
    .filter((finding) => finding.rule === rule && finding.status === status)
    .map(({ message, details = [] }) => [message, ...details].join('\n'))
    .join('\n');
}

describe('a sabotaged regional outage', () => {
  it('whose failover says done while the DNS that tenants ask never changes fails', async () => {
    const sabotaged = await run('automation', {
      inDrill: brief,
      platforms: {
        'multi-cloud': {
          components: {
            'route53-other': components.route53,
            orchestrator: { env: { ROUTE53_URL: `http://\${route53-other}:\${route53-other.port}` } },
          },
        },
      },
    });
    expect(sabotaged).toMatchObject({ exitCode: 1, verdict: { dimensions: { recovery: 'fail' } } });
    expect(told(sabotaged, 'runbook.step', 'fail')).toMatch(
      /^"python -m phase_6_production_dr.failover .* it exited with 0 and did nothing: "the public name is answered with the other region only" was not so/,
    );
    expect(told(sabotaged, 'rto.not-recovered', 'fail')).not.toBe('');
  });

  it.runIf(full)('whose other region has no room is refused, with the numbers', async () => {
    const sabotaged = await run('commands', {
      inDrill: brief,
      platforms: { 'multi-cloud': { components: { aws: { env: { CAPACITY: '3' } } } } },
    });
    expect(sabotaged).toMatchObject({ exitCode: 1, verdict: { dimensions: { runbook: 'fail' } } });
    const numbers = 'us-west-2 has room for 2 more instances (1 of 3 in use), 3 are needed';
    expect(told(sabotaged, 'runbook.step', 'fail')).toMatch(/^"python -m cli failover start /);
    expect(told(sabotaged, 'runbook.step', 'fail')).toContain(numbers);
    // And a person who asked before knew.
    expect(told(sabotaged, 'runbook.manual', 'inconclusive')).toContain('it exited with 1');
    expect(told(sabotaged, 'rto.not-recovered', 'fail')).not.toBe('');
  });

  it.runIf(full)('that goes back while the region is still dead is refused', async () => {
    const sabotaged = await run('automation', {
      inDrill({ stages }) {
        stages.splice(0, stages.length, ...stages.filter(({ heal }) => heal === undefined));
        for (const { failback } of stages)
          for (const { verify = [] } of (failback?.steps ?? []) as Verified[])
            for (const check of verify) check.within = '2s';
      },
    });
    expect(sabotaged).toMatchObject({ exitCode: 1, verdict: { dimensions: { runbook: 'fail' } } });
    const failed = told(sabotaged, 'runbook.step', 'fail');
    expect(failed).toContain('"the region is healthy by status page, API and edge" was not so');
    expect(failed).toMatch(
      /"python -m cli failover rollback .* fails as written.*us-east-1 is not healthy yet: status page: outage/s,
    );
    // It stayed where it was safe.
    expect(told(sabotaged, 'rto', 'pass')).not.toBe('');
  });

  it.runIf(full)('in which acknowledged writes are lost fails, and counts them', async () => {
    const sabotaged = await run('automation', {
      inDrill(file) {
        brief(file);
        const loss = 'psql -h db-primary -c "delete from workloads where instance is null"';
        for (const step of stepsOf(file, 'orchestratorctl notify'))
          step.perform = `${step.perform} && ${loss}`;
      },
    });
    expect(sabotaged).toMatchObject({
      exitCode: 1,
      verdict: { dimensions: { data: 'fail', recovery: 'pass' } },
    });
    const found = sabotaged.findings.find(
      ({ dimension, status }) => dimension === 'data' && status === 'fail',
    );
    expect(Number(found?.figures?.lost)).toBeGreaterThan(20);
    expect(`${found?.message} ${found?.details?.join(' ')}`).toMatch(/\b[01]-\d+\b/);
  });

  it.runIf(full)(
    'by hand, that leaves the weights as they are and tells the wrong tenants, fails',
    async () => {
      const sabotaged = await run('manual', {
        inDrill(file) {
          brief(file);
          for (const step of stepsOf(file, 'dnsctl set-weights')) step.perform = 'true';
          for (const step of stepsOf(file, 'orchestratorctl notify'))
            step.perform = 'orchestratorctl notify --kind region-outage --region us-west-2';
        },
      });
      expect(sabotaged).toMatchObject({ exitCode: 1, verdict: { dimensions: { recovery: 'fail' } } });
      const undone = told(sabotaged, 'runbook.manual', 'inconclusive');
      expect(undone).toContain('"the public name is answered with the other region only" was not so');
      expect(undone).toMatch(/"each tenant with workloads there is told .* was not so \(acme, globex\)/);
      expect(told(sabotaged, 'rto.not-recovered', 'fail')).not.toBe('');
    },
  );
});
