import { describe, expect, it } from 'vitest';
import { platform as platformFile } from '../../definition/platform.ts';
import { refuseCycles } from './components.ts';
import { componentsOf, instancesOf, listenersOf, type ProcessLayout } from './layout.ts';
import { isInstanceOf } from './supervisor.ts';

function components(after: { readonly [name: string]: readonly string[] }) {
  const specs = Object.entries(after).map(([name, before]) => [name, { command: 'x', after: before }]);
  const platform = {
    ...platformFile.parse({ platform: 'p', environment: 'local', components: Object.fromEntries(specs) }),
    baseDir: '/',
  };
  return componentsOf(
    platform,
    new Map(listenersOf(platform).map(({ instance }) => [instance, { address: '127.1.1.1', port: 1 }])),
    null,
  );
}

describe('refuseCycles', () => {
  it('takes any order that has an end', () => {
    expect(() => refuseCycles(components({ c: ['b'], b: ['a'], a: [] }))).not.toThrow();
  });

  it('names those that wait for each other, and one that does not exist', () => {
    expect(() => refuseCycles(components({ a: [], b: ['c'], c: ['b', 'a'] }))).toThrow(
      'wait for each other: b, c;',
    );
    expect(() => refuseCycles(components({ a: ['z'] }))).toThrow('a: after: there is no component "z"');
  });
});

describe('instances', () => {
  it('are numbered from the second on', () => {
    const [mcp] = components({ mcp: [] }) as [ProcessLayout];
    expect(instancesOf(mcp, 3)).toEqual(['mcp', 'mcp-2', 'mcp-3']);
    expect(['mcp', 'mcp-2', 'mcp-17'].every((name) => isInstanceOf(mcp, name))).toBe(true);
    expect(['mcp-aws', 'mcp-', 'mc', 'mcp-2a'].some((name) => isInstanceOf(mcp, name))).toBe(false);
  });
});
