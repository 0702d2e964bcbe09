import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, project } from '../../test/definition/example.ts';

const platform = 'platforms/shop.yaml';

/** What is said when one text of the example project is replaced by another. */
const cases: readonly (readonly [
  what: string,
  file: string,
  from: string,
  to: string,
  said: readonly string[],
])[] = [
  [
    'a role of nothing',
    platform,
    'database: store.primary',
    'database: store.primry',
    [
      'platforms/shop.yaml:15:13: the platform shop has no component or instance "store.primry"; did you mean "store.primary"?',
    ],
  ],
  [
    'a probe of no role',
    platform,
    'role: api, path',
    'role: ap, path',
    [
      'platforms/shop.yaml:18:34: the platform shop has no role, component or instance "ap"; did you mean "api"?',
    ],
  ],
  [
    'a ledger of no role',
    platform,
    'role: database }',
    'role: datbase }',
    [
      'platforms/shop.yaml:21:35: the platform shop has no role, component or instance "datbase"; did you mean "database"?',
    ],
  ],
  [
    'a name asked of no role',
    platform,
    'role: api, path: /ready',
    'role: api, dns: { server: nme, port: 53, name: a.b }, path: /ready',
    [
      'platforms/shop.yaml:18:54: the platform shop has no role, component or instance "nme"; it has "database", "api", "store", "db-1", "db-2", "store.primary", "store.replica" or "db"',
    ],
  ],
  [
    'a header with an unknown substitution',
    platform,
    'role: api, path: /ready',
    `role: api, headers: { authorization: "Bearer \${store.pasword}" }, path: /ready`,
    [
      `platforms/shop.yaml:18:65: "\${store.pasword}" is nothing the platform shop can fill in; did you mean "\${store.password}"?`,
    ],
  ],
  [
    'a port of a probe, where a component has one',
    platform,
    'role: api, path: /ready',
    'role: api, port: 8443, path: /ready',
    [
      'platforms/shop.yaml:18:45: api publishes no port 8443; a component has one port in this environment, which its role means: leave "port" out',
    ],
  ],
  [
    'a component that waits for nothing',
    platform,
    'after: [store]',
    'after: [stor]',
    ['platforms/shop.yaml:13:13: the platform shop has no component "stor"; did you mean "store"?'],
  ],
  [
    'a component that waits for itself',
    platform,
    'after: [store]',
    'after: [api]',
    ['platforms/shop.yaml:13:12: components wait for each other: api after api'],
  ],
  [
    'a host name given twice',
    platform,
    '    port: 8000',
    '    port: 8000\n    host: db-2',
    ['platforms/shop.yaml:8:3: the host name "db-2" is given twice: to store and to api'],
  ],
  [
    'an alias of no member',
    platform,
    'aliases: { db: db-1 }',
    'aliases: { db: db-9 }',
    ['platforms/shop.yaml:7:20: the cluster store has no member "db-9"; did you mean "db-1"?'],
  ],
  [
    'an unknown substitution',
    platform,
    `\${store.password}`,
    `\${store.pasword}`,
    [
      `platforms/shop.yaml:11:22: "\${store.pasword}" is nothing the platform shop can fill in; did you mean "\${store.password}"?`,
    ],
  ],
  [
    'a port outside a component',
    platform,
    `\${store.user}`,
    `\${port}`,
    [
      `platforms/shop.yaml:23:26: "\${port}" is nothing the platform shop can fill in; did you mean "\${db.port}"?`,
    ],
  ],
  [
    'a component in the home of the toolbox',
    platform,
    `\${store.password}`,
    `\${toolbox.home}`,
    [`platforms/shop.yaml:11:22: "\${toolbox.home}" is nothing the platform shop can fill in`],
  ],
  [
    'a copy that leaves the home',
    platform,
    'psql: {',
    'psql: { copies: { ../lib: ../python },',
    [
      'platforms/shop.yaml:23:21: "../lib" is no path inside the toolbox\'s home; expected one such as ".config/psql"',
    ],
  ],
  [
    'a ready check without a port',
    platform,
    '    port: 8000\n',
    '',
    ['platforms/shop.yaml:11:5: this ready check asks a port, and api has none; expected "port" beside it'],
  ],
  [
    'two ways to stand in',
    platform,
    'psql: {',
    'psql: { own: a, replacement: b,',
    ['platforms/shop.yaml:23:3: the tool psql has replacement and own; expected one of them'],
  ],
];

describe('checkPlatform', () => {
  it('are all right in the example', async () => expect(await errorsOf(project)).toEqual([]));

  it.each(cases)('says that there is %s', async (_, file, from, to, said) => {
    expect(await errorsOf(changed(file, from, to), 'store-loss/strict')).toEqual(said);
  });

  it('finds a cycle over several components once', async () => {
    const text = project[platform] as string;
    const chain = ['a', 'b', 'c']
      .map((name, i) => `  ${name}: { command: x, after: [${['b', 'c', 'a'][i]}] }`)
      .join('\n');
    const cyclic = { ...project, [platform]: text.replace('roles:', `${chain}\nroles:`) };
    expect(await errorsOf(cyclic)).toEqual([
      'platforms/shop.yaml:14:27: components wait for each other: a after b after c after a',
    ]);
  });

  it('knows the home of the toolbox in a tool', async () => {
    expect(await plansOf(changed(platform, `\${store.user}`, `\${toolbox.home}/x`))).toHaveLength(2);
  });

  it(`lets a literal \${…} be`, async () => {
    expect(await plansOf(changed(platform, `\${store.user}`, `$\${HOME}`))).toHaveLength(2);
  });
});
