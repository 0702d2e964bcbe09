import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeModel } from './compose-model.ts';
import { type ComposeChanges, composeOverride } from './compose-override.ts';

/** As `docker compose config --format json` prints it, with everything in it that two runs would fight about. */
const config = {
  services: {
    web: {
      build: { context: '/shop/web' },
      image: 'shop-web',
      container_name: 'shop-web',
      ports: [{ mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' }],
      networks: { front: { aliases: ['shop'] }, back: null },
      depends_on: { db: { condition: 'service_healthy' } },
    },
    worker: { image: 'shop-web', networks: { back: null }, deploy: { replicas: 2 } },
    db: { image: 'postgres:17', networks: { back: null }, mem_limit: '268435456' },
    idle: { image: 'debian', network_mode: 'none' },
  },
  networks: { front: { name: 'shop_front' }, back: { name: 'shared-back' } },
  volumes: { data: { name: 'the-real-data' } },
};

const changes: ComposeChanges = {
  project: 'drillbook-1234',
  labels: { 'drillbook.run': 'run-1' },
  network: 'drillbook-1234-platform',
  subnet: '10.111.7',
  services: {
    web: {
      container: 'drillbook-1234-web',
      names: ['web', 'www'],
      networkAddress: '10.111.7.10',
      hostAddress: '127.99.1.10',
      ports: { 80: 80, 9100: 9100 },
      labels: { 'drillbook.instance': 'web' },
    },
  },
};

const model = composeModel('/shop/compose.yaml', JSON.stringify(config), []);
const text = composeOverride(model, changes);
const override = parse(text, { logLevel: 'silent' });

describe('composeModel', () => {
  it('reads what compose has spelled out', () => {
    expect(model.services.web).toMatchObject({ isBuilt: true, ports: [80], dependsOn: ['db'] });
    expect(model.services.worker).toMatchObject({ isBuilt: false, containers: 2 });
    expect(model.services.db?.memoryBytes).toBe(256 * 2 ** 20);
    expect(model.external).toEqual([]);
  });

  it('knows what somebody else made', () => {
    const foreign = {
      services: { web: { image: 'a', external_links: ['legacy-db:db'] } },
      networks: { office: { external: true } },
      volumes: { archive: { external: true } },
      secrets: { key: { external: true } },
    };
    const { external } = composeModel('/shop/compose.yaml', JSON.stringify(foreign), []);
    expect(external).toEqual([
      'networks.office',
      'volumes.archive',
      'secrets.key',
      'services.web.external_links (legacy-db:db)',
    ]);
  });
});

describe('composeOverride', () => {
  it('publishes the ports of a component on its address, and nothing else', () => {
    expect(override.services.web.ports).toEqual(['127.99.1.10:80:80', '127.99.1.10:9100:9100']);
    expect(text).toMatch(/ports: !override/);
    expect(override.services.db.ports).toEqual([]);
    expect(text.match(/ports: !reset/g)).toHaveLength(3);
  });

  it('labels everything with the run', () => {
    expect(override.services.web.labels).toEqual({ 'drillbook.run': 'run-1', 'drillbook.instance': 'web' });
    expect(override.services.idle.labels).toEqual({ 'drillbook.run': 'run-1' });
    expect(override.volumes.data.labels).toEqual({ 'drillbook.run': 'run-1' });
  });

  it('gives no container, volume or image a name that another run has', () => {
    expect(override.services.web.container_name).toBe('drillbook-1234-web');
    expect(text).toMatch(/container_name: !reset null/);
    expect(override.volumes.data.name).toBe('drillbook-1234_data');
    expect(override.services.web.image).toMatch(/^drillbook-compose\/[0-9a-f]{10}-web$/);
  });

  it('lets a service use what another one builds', () => {
    expect(override.services.worker.image).toBe(override.services.web.image);
    expect(override.services.db.image).toBeUndefined();
  });

  it('puts every service into the network of the platform alone', () => {
    expect(override.services.web.networks).toEqual({
      'drillbook-platform': { aliases: ['shop', 'web', 'www'], ipv4_address: '10.111.7.10' },
    });
    expect(override.services.db.networks).toEqual({
      'drillbook-platform': { aliases: [], ipv4_address: '10.111.7.250' },
    });
    // Several containers cannot have one address.
    expect(override.services.worker.networks).toEqual({ 'drillbook-platform': { aliases: [] } });
    expect(override.networks['drillbook-platform']).toEqual({
      name: 'drillbook-1234-platform',
      external: true,
    });
  });

  it('lets the name of a service resolve while it is down', () => {
    const hosts = ['web:10.111.7.10', 'shop:10.111.7.10', 'www:10.111.7.10', 'db:10.111.7.250'];
    expect(override.services.worker.extra_hosts).toEqual(hosts);
  });

  it('leaves a service without networks without them', () => {
    expect(override.services.idle.networks).toBeUndefined();
  });
});
