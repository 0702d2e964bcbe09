import { describe, expect, it } from 'vitest';
import { platform as platformFile } from '../../definition/platform.ts';
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

describe('instances', () => {
  it('are numbered from the second on', () => {
    const [mcp] = components({ mcp: [] }) as [ProcessLayout];
    expect(instancesOf(mcp, 3)).toEqual(['mcp', 'mcp-2', 'mcp-3']);
    expect(['mcp', 'mcp-2', 'mcp-17'].every((name) => isInstanceOf(mcp, name))).toBe(true);
    expect(['mcp-aws', 'mcp-', 'mc', 'mcp-2a'].some((name) => isInstanceOf(mcp, name))).toBe(false);
  });
});
