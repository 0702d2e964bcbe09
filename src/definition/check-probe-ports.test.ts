import { describe, expect, it } from 'vitest';
import { errorsOf, project } from '../../test/definition/example.ts';

/** What is said of a probe of a component that publishes 8000, 8404 and 5300, the last over UDP, too. */
function said(more: string): Promise<readonly string[]> {
  const platform = `platform: shop
environment: containers
components:
  store:
    container: { image: database }
    members: [db-1, db-2]
    port: 5432
    speaks: { postgresql: { database: app, user: app, password: p, admin-user: root, admin-password: q } }
  api: { container: { image: api }, port: 8000, ports: [8404], udp: [5300] }
roles: { database: store.primary, api: api }
probes:
  api-ready: { kind: http, role: api, ${more}, path: /ready }
  lag: { kind: exec, command: lag }
ledgers:
  orders: { kind: postgres, role: database }
`;
  return errorsOf({ ...project, 'platforms/shop.yaml': platform }, 'store-loss/late');
}

describe("a probe's port", () => {
  it.each([8000, 8404, 5300])('may be %i, which the component publishes', async (port) => {
    expect(await said(`port: ${port}`)).toEqual([]);
  });

  it('may be no other', async () => {
    expect(await said('port: 8405')).toEqual([
      'platforms/shop.yaml:12:45: api publishes no port 8405; expected one of 8000, 8404, 5300, or the port in "ports" of api',
    ]);
  });
});

describe('the port of a DNS server', () => {
  const asked = (port: number) => `dns: { server: api, port: ${port}, name: api.example }`;

  it('is one that is published over UDP', async () => {
    expect(await said(asked(5300))).toEqual([]);
    expect(await said(asked(8404))).toEqual([
      'platforms/shop.yaml:12:65: api publishes no port 8404 over UDP; expected the port in "udp" of api',
    ]);
  });
});
