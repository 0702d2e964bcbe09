import { describe, expect, it } from 'vitest';
import type { PlannedLoad } from '../definition/load-spec.ts';
import type { OneShots, Running } from '../environments/environment.ts';
import { loadTarget } from './loads.ts';

const spec: PlannedLoad = {
  kind: 'k6',
  script: '../loads/users.ts',
  rate: 20,
  'max-users': 100,
  thresholds: 'reported',
  env: { LOGIN: 'ada:${secret.ada}', SITE: 'https://app' },
  files: { '/ca.pem': 'key ${store.password}' },
};
const oneShots: OneShots = { run: () => Promise.reject(new Error('not here')) };
const filled: { readonly [name: string]: string } = { 'secret.ada': 'hush', 'store.password': 'hash' };
const running = {
  oneShots,
  record: { environment: 'containers', runId: 'r', runDir: '/r', details: {} },
  fill: (text: string) => text.replace(/\$\{([^}]*)\}/g, (_, name: string) => filled[name] ?? '?'),
} satisfies Partial<Running>;

describe('the target of a load', () => {
  const target = loadTarget(running, '/project/platforms', 'users', spec);

  it('has its texts filled in and its script by its whole path, and leaves the plan as it was', () => {
    expect(target).toMatchObject({
      name: 'users',
      script: '/project/loads/users.ts',
      maxUsers: 100,
      spec: { env: { LOGIN: 'ada:hush', SITE: 'https://app' }, files: { '/ca.pem': 'key hash' } },
    });
    expect(spec.env?.LOGIN).toBe('ada:${secret.ada}');
  });

  it('takes secrets and passwords out of what is journaled, wherever they stand', () => {
    expect(target.redact('ada:hush of https://app, hash and hush')).toBe(
      'ada:*** of https://app, *** and ***',
    );
  });

  it('is refused where there are no containers', () => {
    const { oneShots: _, ...local } = running;
    const record = { ...running.record, environment: 'local' as const };
    expect(() => loadTarget({ ...local, record }, '/', 'users', spec)).toThrow(
      'the load users runs in a container, and the environment local has none; leave "loads" out of the drill, or run it where there are containers',
    );
  });
});
