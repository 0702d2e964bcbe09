import { describe, expect, it } from 'vitest';
import { errorsOf, project } from '../../test/definition/example.ts';

const file = 'platforms/shop.yaml';

/** The example's platform in containers, its API with replicas. */
async function errors(more: string): Promise<readonly string[]> {
  const text = [
    'platform: shop',
    'environment: containers',
    'components:',
    '  store: { container: { image: db }, port: 5432, host: db-1, speaks: { postgresql: { database: app, user: app, password: a, admin-user: postgres, admin-password: b } } }',
    `  api: { container: { image: api }, port: 80, replicas: 2${more} }`,
    'roles: { database: store.primary, api: api }',
    'probes:',
    '  api-ready: { kind: http, role: api, path: /ready }',
    '  lag: { kind: exec, command: lag }',
    'ledgers: { orders: { kind: postgres, role: database } }',
    '',
  ].join('\n');
  return (await errorsOf({ ...project, [file]: text })).filter((error) => error.startsWith(file));
}

describe('replicas of a container', () => {
  it('are all alike', async () => {
    expect(await errors('')).toEqual([]);
    expect(await errors(', members: [a, b]')).toEqual([
      `${file}:5:57: a component with replicas cannot have members; expected one or the other`,
    ]);
    expect(await errors(', speaks: { redis: {} }')).toEqual([
      `${file}:5:57: a component with replicas cannot have speaks; expected one or the other`,
    ]);
  });

  it('keep their names for themselves', async () => {
    expect(await errors(' }\n  api-3: { container: { image: api }')).toEqual([
      `${file}:6:3: the host name "api-3" is given twice: to api and to api-3`,
    ]);
  });
});
