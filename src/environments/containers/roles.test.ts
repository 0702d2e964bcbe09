import { describe, expect, it } from 'vitest';
import { meaningOf } from './roles.ts';
import { api, database, testRun } from './testing.ts';

const run = testRun({ database, api }, { roles: { front: 'api', 'db.primary': 'database.primary' } });

describe('what a name of the platform means', () => {
  it.each([
    ['front', { kind: 'component', component: { component: 'api' } }],
    ['db.primary', { kind: 'part', part: 'primary', component: { component: 'database' } }],
    ['database.replica', { kind: 'part', part: 'replica' }],
    ['database', { kind: 'component' }],
    ['db-replica-1', { kind: 'instance', instance: { instance: 'db-replica-1' } }],
    ['db-replica', { kind: 'instance', instance: { instance: 'db-replica-1' }, name: 'db-replica' }],
    ['db', { kind: 'instance', instance: { instance: 'db-primary' }, name: 'db' }],
  ])('%s', (name, meaning) => expect(meaningOf(run, name)).toMatchObject(meaning));

  it('is all replicas by the name that they share, and one by its own', () => {
    const replicated = testRun({ web: { ...api, host: 'web', replicas: 3 } }, { roles: { front: 'web' } });
    expect(meaningOf(replicated, 'front')).toMatchObject({ kind: 'component' });
    expect(meaningOf(replicated, 'web')).toMatchObject({ kind: 'component' });
    expect(meaningOf(replicated, 'web-3')).toMatchObject({
      kind: 'instance',
      instance: { instance: 'web-3' },
    });
  });

  it('has no parts where nobody says what it speaks, and names the nearest', () => {
    expect(() => meaningOf(run, 'api.primary')).toThrow(
      /^the platform test has no role, component or instance "api\.primary"/,
    );
    expect(() => meaningOf(run, 'databse')).toThrow(/did you mean "database"\?$/);
  });
});
