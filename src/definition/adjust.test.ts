import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, project, type Texts } from '../../test/definition/example.ts';

const file = 'platforms/shop.yaml';
const handedOn = `\${store.settings} \${store.synchronous}`;

/** The example's platform with its store as a container; the drill as it is, its variant `strict` adjusted by a text. */
function containers(adjust: string, env = handedOn): Texts {
  const text = project['drills/store-loss.yaml'] as string;
  const login = 'database: app, user: app, password: a, admin-user: postgres, admin-password: b';
  return {
    ...project,
    'drills/store-loss.yaml': text.replace('{ store: { postgresql: { synchronous: true } } }', () => adjust),
    [file]: [
      'platform: shop',
      'environment: containers',
      'components:',
      '  store:',
      '    container: { image: db }',
      '    members: [db-1, db-2]',
      '    port: 5432',
      `    env: { SETTINGS: "${env}" }`,
      `    speaks: { postgresql: { ${login}, settings: { fsync: on, work_mem: 8MB } } }`,
      '  api: { container: { image: api }, port: 80 }',
      'roles: { database: store.primary, api: api }',
      'probes:',
      '  api-ready: { kind: http, role: api, path: /ready }',
      '  lag: { kind: exec, command: lag }',
      'ledgers: { orders: { kind: postgres, role: database } }',
      '',
    ].join('\n'),
  };
}

describe('the adjustment of a database', () => {
  it('means the same of a container that speaks PostgreSQL', async () => {
    const texts = containers(
      '{ store: { postgresql: { synchronous: true, settings: { max_connections: 40 } } } }',
    );
    const [plan] = await plansOf(texts, {}, 'store-loss/strict');
    expect(plan?.platform.components.store).toMatchObject({
      container: { image: 'db' },
      speaks: {
        postgresql: {
          user: 'app',
          synchronous: true,
          settings: { max_connections: 40, work_mem: '8MB', fsync: 'on' },
        },
      },
    });
    expect(plan?.platform.components.store).not.toHaveProperty('postgresql');
  });

  it.each([
    [
      'a value that is none',
      '{ store: { postgresql: { synchronous: 1 } } }',
      ['drills/store-loss.yaml:34:65: expected true or false, found the number 1'],
    ],
    [
      'a key of local databases alone',
      '{ store: { postgresql: { archive: true } } }',
      [expect.stringMatching(/^drills\/store-loss\.yaml:34:52: there is no key "archive" here/)],
    ],
    [
      'a container that is no database',
      '{ api: { postgresql: { synchronous: true } } }',
      [
        'drills/store-loss.yaml:34:36: api is a container of the platform shop that speaks no PostgreSQL; those that do: store',
      ],
    ],
  ])('stands where the drill has it: %s', async (_, adjust, said) =>
    expect(await errorsOf(containers(adjust), 'store-loss/strict')).toEqual(said),
  );

  it('is refused where the platform hands it on to nobody', async () => {
    const texts = containers('{ store: { postgresql: { synchronous: true } } }', `\${store.settings}`);
    expect(await errorsOf(texts, 'store-loss/strict')).toEqual([
      `drills/store-loss.yaml:34:52: the platform shop tells nobody what "synchronous" of store is: put \${store.synchronous} ("on" or "off") into its env, command or files, where its image uses it`,
    ]);
  });
});

describe('the return of a database in a container', () => {
  it('needs a program for it', async () => {
    const adjust = '{ store: { postgresql: { synchronous: true } } }';
    const returning = (texts: Texts) => changed('drills/store-loss.yaml', '- rejoin:', '- return:', texts);
    expect(await errorsOf(returning(containers(adjust)), 'store-loss/strict')).toEqual([
      'drills/store-loss.yaml:25:13: the platform shop does not say how "db-1" comes back beside its cluster; expected "returned", the program that serves it, in its component store',
    ]);
  });
});
