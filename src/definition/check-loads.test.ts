import { describe, expect, it } from 'vitest';
import { changed, drill, errorsOf, plansOf, platform, project } from '../../test/definition/example.ts';
import { describePlan } from './describe-plan.ts';

const loads = `loads:
  users: { kind: k6, script: ../loads/users.ts, rate: 20, env: { KEY: "\${secret.key}" } }
  robots: { kind: k6, script: ../loads/robots.ts, rate: 0.5, max-users: 3 }
`;

/** The example's platform in containers. */
const contained = `platform: shop
environment: containers
components:
  store:
    container: { image: "postgres:17" }
    members: [db-1, db-2]
    aliases: { db: db-1 }
    port: 5432
    speaks: { postgresql: { database: shop, user: shop, password: p, admin-user: a, admin-password: p } }
  api: { container: { image: "shop:1" }, port: 8000 }
roles: { database: store.primary, api: api }
probes:
  api-ready: { kind: http, role: api, path: /ready }
  lag: { kind: exec, command: lag }
ledgers:
  orders: { kind: postgres, role: database }
`;

/** The example with two loads on its platform, and a drill that names some of them. */
function texts(named: string, { base = contained, more = loads } = {}) {
  return {
    ...project,
    'platforms/shop.yaml': base + more,
    'drills/store-loss.yaml': drill.replace('stages:', `${named}\nstages:`).replace(/\n {4}adjust: .*/, ''),
  };
}

describe('loads', () => {
  it('run only where a drill names them', async () => {
    const [plan] = await plansOf(texts(''));
    expect(plan).toBeDefined();
    expect(plan).not.toHaveProperty('loads');
  });

  it('are planned with their users and what their thresholds mean', async () => {
    const [plan] = await plansOf(texts('loads: [users, { load: robots, thresholds: must-hold }]'));
    expect(plan?.loads).toMatchObject({
      users: { kind: 'k6', rate: 20, 'max-users': 100, thresholds: 'reported' },
      robots: { rate: 0.5, 'max-users': 3, thresholds: 'must-hold' },
    });
    if (plan === undefined) throw new Error('no plan');
    expect(describePlan(plan).split('\n')).toContain(
      'Load        users: k6 ../loads/users.ts, 20 iterations per second, thresholds are reported',
    );
  });

  it.each([
    [
      'of another name',
      texts('loads: [user]'),
      ['drills/store-loss.yaml:7:9: the platform shop has no load "user"; did you mean "users"?'],
    ],
    [
      'named twice',
      texts('loads: [users, { load: users, thresholds: reported }]'),
      ['drills/store-loss.yaml:7:24: the load users is named twice; once is all of it'],
    ],
    [
      'where there are no containers',
      texts('loads: [users]', { base: platform }),
      [
        'drills/store-loss.yaml:7:9: the load users runs as a container beside the platform, and the platform shop runs in local; expected one that runs in "containers", or no loads in this drill',
      ],
    ],
  ])('%s are errors of the drill', async (_, files, said) => {
    expect(await errorsOf(files)).toEqual(said);
  });

  it('are checked in the platform file, also where no drill names them', async () => {
    const odd = texts('', {
      more: 'loads:\n  users: { kind: k6, script: users.ts, rate: 20, env: { KEY: "${secret}" } }\n',
    });
    expect(await errorsOf(odd)).toEqual([
      'platforms/shop.yaml:18:62: "${secret}" is nothing the platform shop can fill in',
    ]);
  });

  it.each([
    ['rate: 20', 'rate: many', /expected a number, found "many"/],
    ['users.ts', 'users.py', /a file that ends in \.ts or \.js/],
    ['kind: k6, script: ../loads/users', 'kind: k7, script: ../loads/users', /"k6"/],
  ])('with %s as %s are refused', async (from, to, said) => {
    const files = changed('platforms/shop.yaml', from, to, texts('loads: [users]'));
    const result = await errorsOf(files).catch((error: Error) => [error.message]);
    expect(result.join('\n')).toMatch(said);
    expect(result.join('\n')).toMatch(/platforms\/shop\.yaml:18:\d+/);
  });
});
