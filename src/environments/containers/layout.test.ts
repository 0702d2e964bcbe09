import { describe, expect, it } from 'vitest';
import { containerMegabytes } from './create.ts';
import { hostEntries } from './hosts-file.ts';
import { containersOf, prefixOf } from './layout.ts';
import { api, database, testLayout } from './testing.ts';

describe('the layout of a run', () => {
  const { components, hosts } = testLayout({ database, api });

  it('gives each member a container, a fixed address, and one address of the host for all its ports', () => {
    expect(components.flatMap(({ instances }) => instances)).toMatchObject([
      {
        container: 'drillbook-test-db-primary',
        networkAddress: '10.100.7.10',
        hostAddress: '127.9.9.10',
        ports: { 5432: 5432, 8008: 8008 },
      },
      { container: 'drillbook-test-db-replica-1', networkAddress: '10.100.7.11', hostAddress: '127.9.9.12' },
      {
        container: 'drillbook-test-api.example.com',
        networkAddress: '10.100.7.12',
        hostAddress: '127.9.9.14',
      },
    ]);
  });

  it('knows each by its own names, those of all members, and the component', () => {
    expect(components[0]?.instances.map(({ names }) => names)).toEqual([
      ['db-primary', 'db', 'database'],
      ['db-replica-1', 'db-replica', 'db', 'database'],
    ]);
  });

  it('has an address of the host for every host name; of a shared one it is the first member', () => {
    expect(hosts).toEqual({
      'db-primary': '127.9.9.10',
      'db-replica-1': '127.9.9.12',
      db: '127.9.9.10',
      'db-replica': '127.9.9.12',
      'api.example.com': '127.9.9.14',
    });
  });

  it('puts names into hosts files that mean one container, and leaves shared ones to DNS', () => {
    expect(hostEntries({ components })).toEqual([
      'db-primary:10.100.7.10',
      'db-replica-1:10.100.7.11',
      'db-replica:10.100.7.11',
      'api.example.com:10.100.7.12',
      'api:10.100.7.12',
    ]);
  });

  it("keeps room for all replicas that there can be, under the first one's name, which DNS is asked for", () => {
    const [replicated] = testLayout({ api: { ...api, replicas: 2 } }).components;
    expect(replicated?.instances.map(({ instance }) => instance)).toEqual([
      'api.example.com',
      ...[2, 3, 4, 5, 6, 7, 8].map((n) => `api.example.com-${n}`),
    ]);
    const entries = hostEntries({ components: replicated === undefined ? [] : [replicated] });
    expect(entries).toHaveLength(7);
    expect(entries[0]).toBe('api.example.com-2:10.100.7.11');
  });

  it('gives a program whose heap is limited room beside it', () => {
    const spec = { container: { image: 'api' } };
    expect(containerMegabytes(spec, 48)).toBe(48);
    expect(containerMegabytes({ ...spec, 'memory-of': 'heap' }, 48)).toBe(176);
  });

  it('refuses a component that is none', () => {
    expect(() => containersOf({ components: { old: { command: './old' } } })).toThrow(
      /^old is no container: give it "container"/,
    );
  });

  it('has the same prefix for a run in every process, and another for another', () => {
    expect(prefixOf('a')).toBe(prefixOf('a'));
    expect(prefixOf('a')).not.toBe(prefixOf('b'));
  });
});
