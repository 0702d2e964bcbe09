import { describe, expect, it } from 'vitest';
import { addressOf } from '../../test/conformance/http-server.ts';
import { ledger, probe } from '../definition/observing.ts';
import { ledgerTarget, probeTarget, type Reach } from './targets.ts';

const addresses: { readonly [role: string]: string } = { api: '127.1.1.1', 'name-server': '127.1.1.9' };

/** What targets need of a platform that runs. */
const running: Reach = {
  hosts: { api: '127.1.1.1' },
  authority: 'the CA',
  toolbox: { argv: [], env: {}, cwd: '/' },
  fill: (text) => text.replace(`\${secret.token}`, 'hush-hush'),
  address: async (role) => ({
    ...addressOf(addresses[role] ?? '', 8080),
    ports: { 8080: 8080, 8404: 40_404, 5300: 45_300 },
  }),
};

const common = {
  kind: 'http',
  role: 'api',
  dns: { server: 'name-server', port: 5300, name: 'api.platform.example' },
  headers: { authorization: `Bearer \${secret.token}` },
};
const filled = {
  address: { host: '127.1.1.1', port: 8080 },
  dns: { name: 'api.platform.example', host: '127.1.1.9', port: 45_300 },
  spec: { headers: { authorization: 'Bearer hush-hush' } },
};

describe('targets', () => {
  it('of http probes have their name server and their headers, and leave the plan as it was', async () => {
    const spec = probe.parse({ ...common, path: '/ready' });
    const before = structuredClone(spec);
    expect(await probeTarget(running, 'api', spec)).toMatchObject(filled);
    expect(spec).toEqual(before);
  });

  it('know where the platform answers with addresses of its own, and which port its name server has', async () => {
    const spec = probe.parse({ ...common, path: '/ready' });
    const reached = { '10.1.1.5': '127.1.1.1' };
    expect((await probeTarget({ ...running, reached }, 'api', spec)).dns).toMatchObject({ reached });
    const elsewhere = { ...common, dns: { ...common.dns, port: 53 }, path: '/ready' };
    await expect(probeTarget(running, 'api', probe.parse(elsewhere))).rejects.toThrow(
      'api.platform.example is asked of port 53, which api does not publish: name it in the component\'s "udp"',
    );
  });

  it('of http ledgers, too', async () => {
    const spec = ledger.parse({ ...common, write: 'POST /workloads/{id}', list: 'GET /workloads' });
    expect(await ledgerTarget(running, 'workloads', spec)).toMatchObject(filled);
  });

  it('have another port of the component where one is named, as it is published', async () => {
    const spec = { kind: 'http', role: 'api', path: '/', port: 8404 };
    expect(await probeTarget(running, 'api', probe.parse(spec))).toMatchObject({ address: { port: 40_404 } });
    await expect(probeTarget(running, 'api', probe.parse({ ...spec, port: 9 }))).rejects.toThrow(
      'probe api: api publishes no port 9: there are 5300, 8080, 8404',
    );
  });

  it('have the CA where TLS is spoken, and say so where there is none', async () => {
    const spec = probe.parse({ ...common, path: '/', tls: true });
    expect(await probeTarget(running, 'api', spec)).toMatchObject({ tls: { ca: 'the CA' } });
    const jobs = ledger.parse({ ...common, write: 'POST /{id}', list: 'GET /', tls: true });
    expect(await ledgerTarget(running, 'jobs', jobs)).toMatchObject({ tls: { ca: 'the CA' } });
    const { authority: _, ...without } = running;
    await expect(probeTarget(without, 'api', spec)).rejects.toThrow('no certificates to trust');
  });

  it('have neither where none is asked for', async () => {
    const target = await probeTarget(running, 'api', probe.parse({ kind: 'http', role: 'api', path: '/' }));
    expect(Object.keys(target).sort()).toEqual(['address', 'hosts', 'name', 'spec']);
  });
});
