import { describe, expect, it } from 'vitest';
import { changed, errorsOf, project } from '../../test/definition/example.ts';

const platform = `platform: shop
environment: containers
components:
  store:
    container: { image: database }
    members: [db-1, db-2]
    port: 5432
    speaks: { postgresql: { database: app, user: app, password: p, admin-user: root, admin-password: q } }
  api: { container: { image: api }, port: 8000, ports: [8474] }
roles: { database: store.primary, api: api }
probes:
  api-ready: { kind: http, role: api, path: /ready }
  lag: { kind: exec, command: lag }
ledgers:
  orders: { kind: postgres, role: database }
certificates:
  expired: { names: [api], days: -1 }
`;

/** What is said of a fault on a platform of containers. */
function said(fault: string): Promise<readonly string[]> {
  const texts = changed(
    'scenarios/store-loss.yaml',
    'lagging: { fault: pause, target: database }',
    `lagging: ${fault}`,
    { ...project, 'platforms/shop.yaml': platform },
  );
  return errorsOf(texts, 'store-loss/late');
}

describe('checkFaultTargets on containers', () => {
  it.each([
    '{ fault: disconnect, target: database }',
    '{ fault: partition, target: db-1, from: [db-2, api], direction: in }',
    '{ fault: toxic, target: api, proxy: db, type: latency, attributes: { latency: 9 } }',
    '{ fault: replace-file, target: api, path: /a.pem, text: "${certificate.expired}${secret.x}" }',
    '{ fault: clock, target: db-2, offset: "-1h" }',
    '{ fault: limit, target: api, cpus: 0.1 }',
    '{ fault: fill-disk, target: db-1, path: /data, leave: 2 }',
  ])('takes %s', async (fault) => {
    expect(await said(fault)).toEqual([]);
  });

  it.each([
    [
      '{ fault: partition, target: db-1, from: [api, db-3] }',
      '4:58: the platform shop has no role, component or instance "db-3"; did you mean "db-1"?',
    ],
    [
      '{ fault: toxic, target: store, proxy: db, type: latency, attributes: { latency: 9 } }',
      '4:36: the fault "toxic" needs a toxiproxy, with port 8474 for its API, and "store" is none; the platform shop has "api"',
    ],
    [
      '{ fault: replace-file, target: api, path: /a.pem, text: "${certificate.expire}" }',
      '4:68: "${certificate.expire}" is nothing the platform shop can fill in; did you mean "${certificate.expired}"?',
    ],
  ])('refuses %s', async (fault, error) => {
    expect(await said(fault)).toEqual([`scenarios/store-loss.yaml:${error}`]);
  });
});
