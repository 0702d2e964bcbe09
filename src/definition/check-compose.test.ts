import { describe, expect, it } from 'vitest';
import { errorsOf, plansOf, project, type Texts } from '../../test/definition/example.ts';
import { addressable } from './platform-names.ts';

const file = 'platforms/shop.yaml';
const service = (more = '') => `{ container: { service: web }, port: 80, ready: { http: / }${more} }`;

/** The example's platform with its API as a service of a compose file and its store as before, by the words of a person. */
function withService(component: string, compose = 'compose: { file: ../compose.yaml }'): Texts {
  const store =
    '{ container: { service: db }, port: 5432, ready: { tcp: true }, host: db-1, speaks: { postgresql: { database: app, user: app, password: a, admin-user: postgres, admin-password: b } } }';
  return {
    ...project,
    [file]: [
      'platform: shop',
      'environment: containers',
      compose,
      'components:',
      `  store: ${store}`,
      `  api: ${component}`,
      'roles: { database: store.primary, api: api }',
      'probes:',
      '  api-ready: { kind: http, role: api, path: /ready }',
      '  lag: { kind: exec, command: lag }',
      'ledgers: { orders: { kind: postgres, role: database } }',
      '',
    ].join('\n'),
  };
}

describe('a component that is a service of a compose file', () => {
  it('is called by its own name, by "host" and as the other services call it', async () => {
    const [plan] = await plansOf(dropVariants(withService(service())));
    const names = plan === undefined ? [] : addressable(plan.platform);
    expect(names).toEqual(expect.arrayContaining(['api', 'web', 'store', 'db', 'db-1', 'store.primary']));
  });

  it.each([
    ['command: [run]', 'command', ''],
    ['env: { A: b }', 'env', ' ("environment")'],
    ['memory: 64', 'memory', ' ("mem_limit")'],
    ['after: [store]', 'after', ' ("depends_on")'],
    ['replicas: 0', 'replicas', ' (a service that does not start with the others has a profile there)'],
    ['restart: never', 'restart', ''],
  ])('with %s is sent to the compose file', async (more, key, hint) => {
    const errors = await errorsOf(dropVariants(withService(service(`, ${more}`))));
    expect(errors).toEqual([
      `${file}:6:69: "${key}" says how a container runs, and api is a service: write it in the compose file${hint}`,
    ]);
  });

  it('needs a compose file', async () => {
    const errors = await errorsOf(dropVariants(withService(service(), 'title: no compose file')));
    expect(errors).toContain(
      `${file}:6:32: api is a service of a compose file, and the platform names none; expected "compose: { file: compose.yaml }" beside "components"`,
    );
  });

  it('is no other service at the same time', async () => {
    const errors = await errorsOf(dropVariants(withService(service().replace('web', 'db'))));
    expect(errors).toEqual([`${file}:6:3: the host name "db" is given twice: to store and to api`]);
  });
});

describe('a compose file', () => {
  it('is nothing for processes', async () => {
    const text = String(project[file]).replace('components:', 'compose: { file: c.yaml }\ncomponents:');
    const errors = await errorsOf({ ...project, [file]: text });
    expect(errors).toContain(`${file}:3:1: a compose file runs on "environment: containers", not on local`);
  });

  it('gets variables whose names are names', async () => {
    const texts = withService(service(), 'compose: { file: c.yaml, env: { "a-b": c } }');
    const errors = await errorsOf(dropVariants(texts));
    expect(errors).toEqual([`${file}:3:33: expected a name of letters, digits and underscores, found "a-b"`]);
  });
});

/** The example's variants adjust a store that is no service. */
function dropVariants(texts: Texts): Texts {
  const path = 'drills/store-loss.yaml';
  const text = String(texts[path])
    .replace(/\nvariants:[\s\S]*$/, '\n')
    .replace('    only: [late]\n', '')
    .replace('  - rejoin: db-1\n', '')
    .replace('bind: { node-id: db-2 }', 'bind: { node-id: db-1 }');
  return { ...texts, [path]: text };
}
