import { describe, expect, it } from 'vitest';
import { hostsBinds, hostsText } from './hosts-file.ts';
import { api, database, testLayout } from './testing.ts';

const layout = testLayout({ web: { ...api, host: 'web', names: ['www'], replicas: 2 }, database });
const [web] = layout.components;

/** Addresses of a name, in the order of the file. */
function addressesOf(name: string, text: string): readonly (string | undefined)[] {
  return text
    .split('\n')
    .map((line) => line.split(/\s+/))
    .filter(([, ...names]) => names.includes(name))
    .map(([address]) => address);
}

describe('the hosts file of a platform with replicas', () => {
  it('has the running ones at the names that they share, and each at its own', () => {
    const text = hostsText(layout, new Map([['web', web?.instances.slice(1, 3) ?? []]]));
    expect(addressesOf('web', text)).toEqual(['10.100.7.11', '10.100.7.12']);
    expect(addressesOf('www', text)).toEqual(['10.100.7.11', '10.100.7.12']);
    expect(addressesOf('web-8', text)).toEqual(['10.100.7.17']);
    expect(addressesOf('db-primary', text)).toEqual(['10.100.7.18']);
    expect(addressesOf('db-primary.internal', text)).toEqual(['10.100.7.18']);
    expect(addressesOf('localhost', text)).toEqual(['127.0.0.1', '::1']);
  });

  it('leads to where nobody listens when none runs', () => {
    expect(addressesOf('web', hostsText(layout, new Map()))).toEqual(['10.100.7.9']);
  });

  it('is mounted where there are replicas', () => {
    expect(hostsBinds(layout)).toEqual(['/run/hosts:/etc/hosts:ro']);
    expect(hostsBinds(testLayout({ database }))).toEqual([]);
  });
});
