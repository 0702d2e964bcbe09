import { describe, expect, it } from 'vitest';
import { addressOf } from '../../test/conformance/http-server.ts';
import { ledger, probe } from '../definition/observing.ts';
import { ledgerTarget, probeTarget, type Reach } from './targets.ts';

const addresses: { readonly [role: string]: string } = { api: '127.1.1.1', 'name-server': '127.1.1.9' };

/** What targets need of a platform that runs. */
const running: Reach = {
  hosts: { api: '127.1.1.1' },
  toolbox: { argv: [], env: {}, cwd: '/' },
  fill: (text) => text.replace(`\${secret.token}`, 'hush-hush'),
  address: async (role) => addressOf(addresses[role] ?? '', 8080),
};

const common = {
  kind: 'http',
  role: 'api',
  dns: { server: 'name-server', port: 5300, name: 'api.platform.example' },
  headers: { authorization: `Bearer \${secret.token}` },
};
const filled = {
  address: { host: '127.1.1.1', port: 8080 },
  dns: { name: 'api.platform.example', host: '127.1.1.9', port: 5300 },
  spec: { headers: { authorization: 'Bearer hush-hush' } },
};

describe('targets', () => {
  it('of http probes have their name server and their headers, and leave the plan as it was', async () => {
    const spec = probe.parse({ ...common, path: '/ready' });
    const before = structuredClone(spec);
    expect(await probeTarget(running, 'api', spec)).toMatchObject(filled);
    expect(spec).toEqual(before);
  });

  it('of http ledgers, too', async () => {
    const spec = ledger.parse({ ...common, write: 'POST /workloads/{id}', list: 'GET /workloads' });
    expect(await ledgerTarget(running, 'workloads', spec)).toMatchObject(filled);
  });

  it('have neither where none is asked for', async () => {
    const target = await probeTarget(running, 'api', probe.parse({ kind: 'http', role: 'api', path: '/' }));
    expect(Object.keys(target).sort()).toEqual(['address', 'hosts', 'name', 'spec']);
  });
});
