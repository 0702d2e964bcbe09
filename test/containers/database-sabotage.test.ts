import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { MarkEvent } from '../../src/timeline/events.ts';
import { type RunDrill, runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { eventsOf, recordOf } from '../leftovers.ts';
import { type Sabotage, withSabotage } from '../sabotage/patched-project.ts';
import { engineAvailable } from './engine.ts';

const limit = { timeout: 600_000 };
const behind = { probe: 'replication-lag', above: 30_000 };
const back = { probe: 'state-store', is: 'healthy', for: '1s' };
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Services run from the checkout, wherever the project of the sabotaged drill is. */
const services = { components: { 'api-server': { mounts: { '/srv/drillbook': root } } } };

function sabotaged(
  sabotage: Sabotage,
  variant: string,
  meanwhile?: Parameters<typeof runDrill>[2],
): Promise<RunDrill> {
  const whole = { ...sabotage, platforms: { 'containers-database': services } };
  return withSabotage(whole, (project) => runDrill(project, `${sabotage.drill}/${variant}`, meanwhile));
}

function expectFound(run: RunDrill, rule: string, words: RegExp): void {
  expect(run.exitCode).not.toBe(0);
  const told = run.findings
    .filter(({ status }) => status !== 'pass')
    .map((finding) => `${finding.rule}: ${finding.message}`);
  expect(told.filter((each) => each.startsWith(`${rule}: `)).join('\n'), told.join('\n')).toMatch(words);
}

describe.runIf(engineAvailable && full)('a sabotaged drill of the database cluster', limit, () => {
  it('whose replica that has everything is away when the leader dies loses writes: the one behind is promoted', async () => {
    const run = await sabotaged(
      {
        drill: 'database-cluster-failure',
        inDrill: (drill) => {
          const before = [
            { inject: 'candidate-behind' },
            { until: behind, within: '60s' },
            { inject: 'other-away' },
          ];
          drill.stages.splice(0, 2, ...before);
          Object.assign(drill.objectives as object, {
            rpo: { ledger: 'state-store', 'lost-at-most': '0s', 'writes-at-most': 0 },
          });
        },
        scenarios: {
          'database-leader-lost': {
            faults: {
              'candidate-behind': { fault: 'partition', target: 'db-replica-1', from: ['db-primary'] },
              'other-away': { fault: 'pause', target: 'db-replica-2' },
            },
            symptoms: [
              { after: 'candidate-behind', when: { probe: 'replication-lag', above: 0 }, within: '20s' },
              { after: 'other-away', when: behind, within: '20s' },
              { after: 'leader-killed', when: { probe: 'state-store', is: 'failing' }, within: '10s' },
            ],
          },
        },
      },
      'leader-node-killed',
    );
    expectFound(run, 'rpo.lost', /lost \d+ acknowledged writes/);
  });

  it('whose partition heals before anybody acts proves nothing', async () => {
    const run = await sabotaged(
      {
        drill: 'database-leader-partitioned',
        inDrill: (drill) => drill.stages.splice(1, 0, { until: back, within: '60s' }),
      },
      'asynchronous',
      (_, out) => healBehindItsBack(out),
    );
    expectFound(run, 'validity.fault-status', /"leader-cut-off" was gone before procedure/);
  });
});

/** Takes the rules of the partition away once it has shown its effect, as a network does that comes back by itself. */
async function healBehindItsBack(out: string): Promise<void> {
  const journal = await journalWith(out, 'stage.end');
  const record = await recordOf(journal);
  if (record === null) throw new Error('the run has no platform');
  const running = await createContainersEnvironment().attach(record);
  await running.containers?.run('db-primary', 'beside', { argv: ['iptables', '-F'], timeoutMs: 20_000 });
}

/** Path of the run's journal, as soon as it has a mark of this type. */
async function journalWith(out: string, type: MarkEvent['type']): Promise<string> {
  for (;;) {
    const [run] = await readdir(out);
    const journal = join(out, run ?? '', 'journal.ndjson');
    if ((await eventsOf(journal)).some((event) => event.type === type)) return journal;
    await sleep(200);
  }
}
