import { describe, expect, it } from 'vitest';
import { errorsOf, project } from '../../test/definition/example.ts';

/** What is said of a probe of a component that publishes 8000 and 8404. */
function said(port: number): Promise<readonly string[]> {
  const platform = `platform: shop
environment: containers
components:
  store:
    container: { image: database }
    members: [db-1, db-2]
    port: 5432
    speaks: { postgresql: { database: app, user: app, password: p, admin-user: root, admin-password: q } }
  api: { container: { image: api }, port: 8000, ports: [8404] }
roles: { database: store.primary, api: api }
probes:
  api-ready: { kind: http, role: api, port: ${port}, path: /ready }
  lag: { kind: exec, command: lag }
ledgers:
  orders: { kind: postgres, role: database }
`;
  return errorsOf({ ...project, 'platforms/shop.yaml': platform }, 'store-loss/late');
}

describe("a probe's port", () => {
  it.each([8000, 8404])('may be %i, which the component publishes', async (port) => {
    expect(await said(port)).toEqual([]);
  });

  it('may be no other', async () => {
    expect(await said(8405)).toEqual([
      'platforms/shop.yaml:12:45: api publishes no port 8405; expected one of 8000, 8404, or the port in "ports" of api',
    ]);
  });
});
