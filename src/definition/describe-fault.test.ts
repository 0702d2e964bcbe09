import { describe, expect, it } from 'vitest';
import { describeFault } from './describe-fault.ts';
import { type FaultSpec, faultSpec } from './scenario.ts';

const cases: readonly (readonly [said: string, spec: FaultSpec])[] = [
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
];

describe('describeFault', () => {
  it.each(cases)('says: %s', (said, spec) => {
    expect(describeFault(faultSpec.parse(spec))).toBe(said);
  });
});
