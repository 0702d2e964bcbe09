import { describe, expect, it } from 'vitest';
import { changed, plansOf, project } from '../../test/definition/example.ts';
import { describePlan } from './describe-plan.ts';

async function described(texts = project): Promise<string> {
  const [plan] = await plansOf(texts, {}, 'store-loss/late');
  if (plan === undefined) throw new Error('no plan');
  return describePlan(plan);
}

describe('describePlan', () => {
  it('tells what would happen', async () => {
    const text = await described();
    for (const line of [
      'store-loss/late: Promote the replica',
      'Platform    shop (local): store, api',
      '  1. inject lagging: pause database',
      '  2. inject killed: kill database by SIGKILL, kept down until healed',
      '     symptom   api-ready is failing, within 30s',
      '     detection lag is above 3, within 5s',
      '  3. procedure promote: "1. Promote"',
      '     run       store.md:12',
      '         dbctl promote --node <node-id> --region eu',
      '       with    node-id = db-2',
      '       if that fails dbctl promote --force',
      '     left out  store.md:13',
      '       because there is nothing to drop',
      '     manual    store.md:10, people take 2m',
      '       by      tell everybody',
      '     ask       store.md:7',
      '  4. wait until recovered, for at most 30s',
      '  5. heal killed',
      '  rto: killed to recovered in at most 1m',
      '  rpo: orders loses at most 5s',
      '  up: api-ready available 90 % or more',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it.each([
    [
      '{ fault: request, target: api, path: /admin/down, body: { kind: down } }',
      'request PUT /admin/down of api {"kind":"down"}, DELETE heals it',
    ],
    ['{ fault: start, target: job, replicas: 3 }', 'start job 3 times, stopped when healed'],
    ['{ fault: sql, target: database, inject: drop table t }', 'sql on database: drop table t; no way back'],
    [
      '{ fault: kill, target: api, processes: worker, restart: allowed }',
      'kill api (processes named worker) by SIGKILL, free to restart',
    ],
  ])('tells what %s does', async (spec, said) => {
    const killed = '{ fault: kill, target: database, restart: held }';
    const job = changed('platforms/shop.yaml', 'roles:', '  job: { command: x, replicas: 0 }\nroles:');
    const text = await described(changed('scenarios/store-loss.yaml', killed, spec, job));
    expect(text).toContain(`inject killed: ${said}`);
  });

  it('stays within 100 columns, whatever the runbook says', async () => {
    const long = changed(
      'runbooks/store.md',
      'Check the store',
      `Check ${'word '.repeat(60)}${'x'.repeat(300)}`,
    );
    const text = await described(long);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text.replaceAll(/\s/g, '')).toContain('x'.repeat(300));
  });

  it('lets no runbook write to the terminal', async () => {
    const evil = changed('runbooks/store.md', 'Check the store', 'Check \u001b[2Jthe\u202e store\u0007');
    const text = await described(evil);
    expect(text).toContain('Check the store');
    expect(text).not.toMatch(/[^\P{C}\n]/u);
  });
});
