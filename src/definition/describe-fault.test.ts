import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { describeFault } from './describe-fault.ts';
import { faultSpec } from './scenario.ts';

const cases: readonly (readonly [said: string, spec: z.input<typeof faultSpec>])[] = [
  ["disconnect db-1 from the platform's network", { fault: 'disconnect', target: 'db-1' }],
  ['partition db-1 from api, db-2', { fault: 'partition', target: 'db-1', from: ['api', 'db-2'] }],
  [
    'partition db-1 from api, only what it would receive',
    { fault: 'partition', target: 'db-1', from: ['api'], direction: 'in' },
  ],
  [
    'toxic slicer (average_size 64, delay 10) upstream in proxy db of toxics for 50 % of connections',
    {
      fault: 'toxic',
      target: 'toxics',
      proxy: 'db',
      type: 'slicer',
      stream: 'upstream',
      toxicity: 0.5,
      attributes: { average_size: 64, delay: 10 },
    },
  ],
  [
    'fill the disk of db-1 under /data, 0 MB stay free',
    { fault: 'fill-disk', target: 'db-1', path: '/data' },
  ],
  [
    'limit api to 64 MB of memory and 0.1 processors',
    { fault: 'limit', target: 'api', memory: 64, cpus: 0.1 },
  ],
  ['clock of db-1 off by -1h 30m', { fault: 'clock', target: 'db-1', offset: '-1h 30m' }],
  [
    'replace /etc/a.pem of site, applied by: nginx -s reload',
    { fault: 'replace-file', target: 'site', path: '/etc/a.pem', text: 'x', apply: 'nginx -s reload' },
  ],
  [
    'delete 2 of the pods of api, which have 30s to end',
    { fault: 'delete-pods', target: 'api', count: 2, grace: '30s' },
  ],
  [
    'patch ConfigMap settings with {"data":{"a":"b"}}, then restart api; restored when healed',
    {
      fault: 'patch',
      object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' },
      patch: { data: { a: 'b' } },
      restart: 'api',
    },
  ],
  [
    'delete Secret ops/keys, put back when healed',
    { fault: 'delete-object', object: { apiVersion: 'v1', kind: 'Secret', namespace: 'ops', name: 'keys' } },
  ],
  [
    'hog worker-1 with 2 pods, to fill 900 MB and reserve 0.5 processors',
    { fault: 'hog', node: 'worker-1', replicas: 2, memory: 900, requests: { cpus: 0.5 } },
  ],
  ['drop the packets to the API server of main', { fault: 'api-server-unreachable', cluster: 'main' }],
  ['DNS of the first cluster denies cluster.local', { fault: 'cluster-dns', how: 'nxdomain' }],
  [
    'cut the pods of api off from store, only what it sends',
    { fault: 'cut-off', target: 'api', from: ['store'], direction: 'out' },
  ],
];

describe('describeFault', () => {
  it.each(cases)('says: %s', (said, spec) => {
    expect(describeFault(faultSpec.parse(spec))).toBe(said);
  });
});
