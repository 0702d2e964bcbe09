import { describe, expect, it } from 'vitest';
import { platform as platformFile } from '../../definition/platform.ts';
import { secretsOf } from '../secrets.ts';
import { componentsOf, hostsOf, type Layout, listenersOf } from './layout.ts';
import { runPaths } from './run-folder.ts';
import { clusterPasswords, endpointValues, filler, secretsInUse } from './substitution.ts';

const platform = {
  ...platformFile.parse({
    platform: 'test',
    environment: 'local',
    components: {
      'state-store': {
        postgresql: { members: ['db-primary', 'db-replica-1'] },
        aliases: { 'db-replica': 'db-replica-1' },
      },
      web: { command: 'web', host: 'www', port: 8000, env: { TOKEN: `\${secret.token}` } },
    },
  }),
  baseDir: '/',
};
const endpoints = new Map(
  listenersOf(platform).map(({ instance, port }, index) => [
    instance,
    { address: `127.1.1.${index}`, port: port ?? 1 },
  ]),
);
const components = componentsOf(platform, endpoints, null);
const layout: Layout = {
  runId: 'r',
  runDir: '/run',
  reportDir: '/out',
  platform,
  loopback: 'distinct',
  account: null,
  components,
  hosts: hostsOf(components),
};
const filling = { layout, paths: runPaths('/run'), secrets: secretsOf('seed'), binaries: '/programs/bin' };
const fill = filler(filling, 'component web', endpointValues({ address: '127.1.1.2', port: 8000 }));

describe('filler', () => {
  it.each([
    [`\${node}`, process.execPath],
    [`\${db-primary}:\${db-primary.port}`, '127.1.1.0:5432'],
    [`\${db-replica}:\${db-replica.port}`, '127.1.1.1:5432'],
    [`\${web} \${www} \${www.port} \${host}:\${port}`, '127.1.1.2 127.1.1.2 8000 127.1.1.2:8000'],
    [`\${state-store.user}@\${state-store.database}`, 'app@app'],
    [`\${state-store.members}`, '127.1.1.0:5432,127.1.1.1:5432'],
    [`\${state-store.admin-user}`, 'postgres'],
    [`\${state-store.replication-user}`, 'drillbook_replication'],
    [`\${state-store.archive} \${state-store.bin}`, '/run/archive/state-store /programs/bin'],
    [`$\${web} and $5`, `\${web} and $5`],
  ])('fills %s', (text, filled) => {
    expect(fill(text)).toBe(filled);
  });

  it('gives one name one secret in a run, another name and another run another', () => {
    const other = filler({ ...filling, secrets: secretsOf('another seed') }, 'component web');
    expect(fill(`\${secret.token}`)).toBe(fill(`\${secret.token}`));
    expect(fill(`\${secret.token}`)).not.toBe(fill(`\${secret.other}`));
    expect(fill(`\${secret.token}`)).not.toBe(other(`\${secret.token}`));
    const passwords = Object.values(clusterPasswords(filling.secrets, 'state-store'));
    expect(new Set([...passwords, fill(`\${secret.token}`)]).size).toBe(4);
  });

  it('refuses what means nothing, says where, and what is near', () => {
    expect(() => fill(`\${db-primry}`)).toThrow(
      `component web: \${db-primry} means nothing here, did you mean \${db-primary}?`,
    );
    expect(() => filler(filling, 'tools')(`\${port}`)).toThrow(`\${port} means nothing`);
  });
});

describe('secretsInUse', () => {
  it('lists every value that a filled-in text can have', () => {
    const secrets = secretsInUse(filling);
    for (const name of [
      'secret.token',
      'state-store.password',
      'state-store.admin-password',
      'state-store.replication-password',
    ])
      expect(secrets).toContain(fill(`\${${name}}`));
    expect(JSON.stringify(layout)).not.toMatch(new RegExp(secrets.join('|')));
  });
});
