import { join } from 'node:path';
import { describe } from 'vitest';
import { type LoadSubject, loadConformance } from '../conformance/load.ts';
import { engineAvailable } from './engine.ts';
import { k6Target, scripts, startLoadBed } from './load-bed.ts';

async function k6Subject(): Promise<LoadSubject> {
  const bed = await startLoadBed('drillbook-load');
  const visit = join(scripts, 'visit.ts');
  const on = (url: string) => ({ BASE_URL: url, THRESHOLD: 'rate==0' });
  return {
    target: k6Target(bed, visit, on(bed.fine)),
    failing: k6Target(bed, visit, on(bed.failing)),
    slow: k6Target(bed, visit, on(bed.slow), { maxUsers: 2 }),
    short: k6Target(bed, visit, { ...on(bed.fine), DURATION: '2s' }),
    broken: k6Target(bed, join(scripts, 'broken.ts'), { LOGIN_PASSWORD: 'hunter2' }),
    left: bed.oneShots.left,
    stop: bed.stop,
  };
}

describe.runIf(engineAvailable)('in a container', () => loadConformance('k6', k6Subject));
