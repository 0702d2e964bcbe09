import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubeconfig } from '../../src/environments/context/testing.ts';
import { cli } from '../drill-process.ts';

/** Nobody listens there: whatever is not refused before it is asked would say so. */
const server = 'https://127.0.0.1:1';

const files = {
  'drillbook.yaml': '{}\n',
  'scenarios/gone.yaml': `scenario: gone
title: The pods are gone
faults: { gone: { fault: delete-pods, target: web } }
symptoms: [{ when: { probe: web-ready, is: failing } }]
`,
  'drills/gone.yaml': `drill: gone
title: Wait for the pods
scenario: gone
platform: staging
recovered: { probes: [web-ready], hold: 2s }
stages: [{ inject: gone }, { until: recovered, within: 30s }]
objectives: { rto: { from: gone, until: recovered, target: 1m } }
`,
};

function platform(cluster: string, more = ''): string {
  return `platform: staging
environment: context
${more}components:
  cluster:
    kubernetes: { context: staging-eu, namespace: shop, kubeconfig: ../config${cluster} }
  web: { workload: deployment }
probes: { web-ready: { kind: kubernetes, workload: web, of: ready } }
`;
}

let project = '';
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'drillbook-refused-'));
  for (const folder of ['scenarios', 'drills', 'platforms']) await mkdir(join(project, folder));
  const all = { ...files, config: JSON.stringify(kubeconfig(server)) };
  for (const [name, text] of Object.entries(all)) await writeFile(join(project, name), text);
});
afterEach(() => rm(project, { recursive: true, force: true }));

async function ran(text: string, ...args: string[]) {
  await writeFile(join(project, 'platforms/staging.yaml'), text);
  return cli(['run', ...args], { cwd: project });
}

const allowed = platform(`, server: "${server}"`, 'allow-targets: [staging-eu]\n');

describe('a drill in an existing cluster', () => {
  it('is refused with exit code 4, the lines that would allow it, and nothing written', async () => {
    const { exitCode, stdout, stderr } = await ran(platform(''), 'gone');
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain('platforms/staging.yaml:5: refused');
    for (const line of ['context    staging-eu', `server     ${server}`, 'namespace  shop'])
      expect(stderr).toContain(line);
    expect(stderr).toContain(
      'platforms/staging.yaml:1, at the top level:\n      allow-targets: [staging-eu]',
    );
    expect(stderr).toContain(`platforms/staging.yaml:5, in "kubernetes":\n      server: ${server}`);
    expect(stderr).toContain('--confirm-target staging-eu');
    expect(await readdir(project)).not.toContain('reports');
  });

  it.each([
    ['is not confirmed', allowed, []],
    ['is confirmed by another name', allowed, ['--confirm-target', 'production']],
    ['is not allowed', platform(`, server: "${server}"`), ['--confirm-target', 'staging-eu']],
    [
      'has another server than was allowed',
      platform(', server: "https://127.0.0.1:2"', 'allow-targets: [staging-eu]\n'),
      ['--confirm-target', 'staging-eu'],
    ],
  ])('is refused with exit code 4 when it %s', async (_when, text, args) => {
    const { exitCode, stderr } = await ran(text, 'gone', ...args);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('platforms/staging.yaml:');
    expect(await readdir(project)).not.toContain('reports');
  });

  it('is not refused any more when all agree: then its cluster is asked', async () => {
    const { exitCode, stderr } = await ran(allowed, 'gone', '--confirm-target', 'staging-eu');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('the API server does not answer (ECONNREFUSED)');
  });

  it('is never among all the drills of a machine', async () => {
    const { exitCode, stdout, stderr } = await ran(
      allowed,
      '--environment',
      'all',
      '--confirm-target',
      'staging-eu',
    );
    expect(`${stdout}${stderr}`).toContain('the existing context staging-eu');
    expect(exitCode).not.toBe(4);
    expect(stderr).not.toContain('ECONNREFUSED');
  });
});
