import { expect, it } from 'vitest';
import { errorsOf, project } from '../../test/definition/example.ts';

const file = 'platforms/shop.yaml';

/** The example's platform in containers, with a toolbox that asks a DNS server. */
async function errors(dns: string): Promise<readonly string[]> {
  const text = [
    'platform: shop',
    'environment: containers',
    'components:',
    '  store: { container: { image: db }, port: 5432, host: db-1, speaks: { postgresql: { database: app, user: app, password: a, admin-user: postgres, admin-password: b } } }',
    '  api: { container: { image: api }, port: 80 }',
    'roles: { database: store.primary, api: api }',
    `toolbox: { container: { image: box }, dns: ${dns} }`,
    'probes:',
    '  api-ready: { kind: http, role: api, path: /ready }',
    '  lag: { kind: exec, command: lag }',
    'ledgers: { orders: { kind: postgres, role: database } }',
    '',
  ].join('\n');
  return (await errorsOf({ ...project, [file]: text })).filter((error) => error.startsWith(file));
}

it('asks a container of the platform for names, and no other', async () => {
  expect(await errors('api')).toEqual([]);
  expect(await errors('ap')).toEqual([
    `${file}:7:44: the platform shop has no container "ap"; did you mean "api"?`,
  ]);
});
