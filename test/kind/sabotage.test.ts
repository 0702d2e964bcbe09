import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type RunDrill, runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { type Sabotage, withSabotage } from '../sabotage/patched-project.ts';
import { whyNoKind } from './available.ts';

const limit = { timeout: 1_200_000 };
const root = fileURLToPath(new URL('../..', import.meta.url));

function sabotaged(sabotage: Sabotage, variant = ''): Promise<RunDrill> {
  return withSabotage(sabotage, (project) => runDrill(project, `${sabotage.drill}${variant}`));
}

function expectNoRecovery(run: RunDrill): void {
  const told = run.findings.filter(({ status, dimension }) => status !== 'pass' && dimension === 'recovery');
  expect(run.exitCode).not.toBe(0);
  expect(told).not.toEqual([]);
}

function expectFound(run: RunDrill, rule: string, words: RegExp): void {
  const told = run.findings
    .filter(({ status }) => status !== 'pass')
    .map((finding) => `${finding.status} ${finding.rule}: ${finding.message}`);
  expect(run.exitCode, told.join('\n')).not.toBe(0);
  expect(told.filter((each) => each.includes(` ${rule}: `)).join('\n'), told.join('\n')).toMatch(words);
}

async function componentsOf(platform: string): Promise<{ [name: string]: { kubernetes: KubernetesFile } }> {
  return parse(await readFile(join(root, `fixtures/platforms/${platform}.yaml`), 'utf8')).components;
}

interface KubernetesFile {
  readonly manifests: readonly string[];
}

/** The healthy twin of each is in drills.test.ts. */
describe.runIf(whyNoKind === null && full)('a sabotaged drill on Kubernetes', limit, () => {
  it('whose former release is a bad one, too, is not rolled back by one undo', async () => {
    const run = await sabotaged(
      {
        drill: 'bad-deployment',
        inDrill: (drill) =>
          drill.stages.unshift({ inject: 'former-release-fails', only: ['fails-requests'] }),
        scenarios: {
          'bad-release': {
            faults: {
              'former-release-fails': {
                fault: 'patch',
                target: 'api',
                patch: {
                  spec: {
                    template: {
                      spec: {
                        containers: [
                          {
                            name: 'api-server',
                            image: 'mcpsecurity/scanning:1.2.0',
                            env: [{ name: 'BUILD', value: 'former' }],
                          },
                        ],
                      },
                    },
                  },
                },
              },
            },
            symptoms: [
              {
                after: 'former-release-fails',
                when: { probe: 'scans-read', is: 'failing', for: '1s' },
                within: '120s',
              },
              {
                after: 'api-fails-requests',
                when: { probe: 'scans-read', is: 'failing', for: '1s' },
                within: '120s',
              },
              {
                after: 'web-fails-requests',
                when: { probe: 'web', is: 'failing', for: '1s' },
                within: '120s',
              },
            ],
          },
        },
      },
      '/fails-requests',
    );
    expectNoRecovery(run);
  });

  it('whose backup has no room for what users need does not recover by DNS', async () => {
    const run = await sabotaged({
      drill: 'infrastructure-failure',
      inDrill: (drill) => drill.stages.unshift({ inject: 'no-room' }),
      scenarios: {
        'infrastructure-lost': {
          faults: {
            'no-room': {
              fault: 'hog',
              cluster: 'backup-cluster',
              requests: { cpus: 0.8 },
              priority: 'system-cluster-critical',
            },
          },
        },
      },
    });
    expectNoRecovery(run);
  });

  it('whose change of DNS never comes to the name servers leaves users where nobody is', async () => {
    const run = await sabotaged({
      drill: 'infrastructure-failure',
      platforms: {
        'kind-two-clusters': { components: { 'name-server': { env: { PROPAGATION_MS: '3600000' } } } },
      },
    });
    expectNoRecovery(run);
  });

  it('whose API servers an autoscaler of pods takes back has not scaled', async () => {
    const { 'primary-cluster': cluster } = await componentsOf('kind-capacity');
    const manifests = [...(cluster?.kubernetes.manifests ?? []), '../manifests/api-autoscaling'];
    const run = await sabotaged({
      drill: 'resource-exhaustion',
      platforms: {
        'kind-capacity': { components: { 'primary-cluster': { kubernetes: { manifests } } } },
      },
    });
    expectFound(run, 'runbook.manual', /"ten API servers are wanted and ready" was not so/);
  });
});
