import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type RunDrill, runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { type Sabotage, withSabotage } from '../sabotage/patched-project.ts';
import { engineAvailable } from './engine.ts';

const limit = { timeout: 600_000 };
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Services run from the checkout, wherever the project of the sabotaged drill is. */
const fromCheckout = { mounts: { '/srv/drillbook': root } };
const queue = { 'api-server': fromCheckout, worker: fromCheckout };
const app = {
  ...queue,
  'auth-service': fromCheckout,
  'web-server': fromCheckout,
  'vulnerability-feed': fromCheckout,
};

function sabotaged(sabotage: Sabotage, variant = ''): Promise<RunDrill> {
  return withSabotage(sabotage, (project) => runDrill(project, `${sabotage.drill}${variant}`));
}

/** What was told of a run that is no pass, a line each. */
function toldOf({ findings }: RunDrill): readonly string[] {
  return findings
    .filter(({ status }) => status !== 'pass')
    .map((finding) => `${finding.status} ${finding.rule}: ${finding.message}`);
}

function expectFound(run: RunDrill, rule: string, words: RegExp): void {
  const told = toldOf(run);
  expect(run.exitCode, told.join('\n')).not.toBe(0);
  expect(told.filter((each) => each.includes(` ${rule}: `)).join('\n'), told.join('\n')).toMatch(words);
}

/** What the toxiproxy of a platform file is told to be. */
async function toxiproxyConfig(): Promise<string> {
  const file = parse(await readFile(join(root, 'fixtures/platforms/containers-app.yaml'), 'utf8'));
  return file.components.toxics.files['/toxiproxy.json'];
}

describe.runIf(engineAvailable && full)('a sabotaged drill of the services', limit, () => {
  it('whose health check is a program that says yes to everything is uninformative', async () => {
    const run = await sabotaged(
      {
        drill: 'system-health-check',
        platforms: {
          'containers-health': {
            components: { ...app, 'name-server': fromCheckout, provider: fromCheckout },
            tools: { 'redis-cli': { program: 'true' } },
          },
        },
      },
      '/redis',
    );
    expectFound(run, 'answer.uninformative', /redis-cli -h redis-primary ping" is uninformative/);
  });

  it('whose toxic was never added proves nothing', async () => {
    const toxics = {
      container: { image: 'node:24-trixie-slim' },
      ...fromCheckout,
      command: ['node', '/srv/drillbook/test/containers/scripts/lying-toxiproxy.mjs'],
      env: { TOXIPROXY_CONFIG: await toxiproxyConfig() },
      memory: 128,
    };
    const run = await sabotaged({
      drill: 'slow-database',
      platforms: { 'containers-app': { components: { ...app, toxics } } },
    });
    expectFound(run, 'validity.symptom', /database-slow/);
    expect(run.verdict.overall, toldOf(run).join('\n')).toBe('inconclusive');
  });

  it('whose writes no replica confirms loses some, where none may be lost', async () => {
    const run = await sabotaged(
      {
        drill: 'redis-primary-loss',
        inDrill: (drill) => {
          (drill.variants as { [name: string]: { adjust?: unknown } }).wait = {
            ...(drill.variants as { [name: string]: object }).wait,
            adjust: {},
          };
        },
        platforms: { 'containers-queue': { components: queue } },
      },
      '/wait',
    );
    expectFound(run, 'rpo.lost', /Ledger "sessions" lost \d+ acknowledged writes/);
  });
});
