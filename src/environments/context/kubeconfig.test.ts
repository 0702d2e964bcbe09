import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { kubeconfigFiles, readContext } from './kubeconfig.ts';
import { folderWith, kubeconfig, token } from './testing.ts';

const server = 'https://10.0.0.1:6443';

describe('one context of a kubeconfig', () => {
  it('is all that is taken, for one namespace', async () => {
    await using files = await folderWith({ config: kubeconfig(server) });
    const taken = await readContext('staging-eu', [files.at('config')], 'shop');
    expect(taken).toMatchObject({ server, secrets: [token] });
    expect(parse(taken.kubeconfig)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'staging-eu',
      clusters: [{ name: 'staging-eu', cluster: { server } }],
      users: [{ name: 'staging-eu', user: { token } }],
      contexts: [
        { name: 'staging-eu', context: { cluster: 'staging-eu', user: 'staging-eu', namespace: 'shop' } },
      ],
    });
    expect(taken.kubeconfig).not.toContain('production');
  });

  it('has the contents of files that it names, relative to its own', async () => {
    const user = { 'client-certificate': 'me.crt', 'client-key': 'me.key', tokenFile: 'token' };
    await using files = await folderWith({
      config: kubeconfig(server, user),
      'me.crt': 'certificate',
      'me.key': 'key',
      token: 'from-a-file\n',
    });
    const taken = await readContext('staging-eu', [files.at('config')], 'shop');
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    expect(parse(taken.kubeconfig).users[0].user).toEqual({
      'client-certificate-data': base64('certificate'),
      'client-key-data': base64('key'),
      token: 'from-a-file',
    });
    expect(taken.secrets).toEqual([base64('key'), 'from-a-file']);
  });

  it('is found in the first of several files that has it, some of which may be missing', async () => {
    await using files = await folderWith({
      first: kubeconfig(server),
      second: kubeconfig('https://10.0.0.2:6443'),
    });
    const names = ['missing', 'first', 'second'].map(files.at);
    expect((await readContext('staging-eu', names, 'shop')).server).toBe(server);
  });

  it('is looked for where kubectl looks, or in the file that the platform file names', () => {
    const spec = { context: 'staging-eu', namespace: 'shop' };
    vi.stubEnv('KUBECONFIG', '/a:/b');
    expect(kubeconfigFiles(spec, '/project')).toEqual(['/a', '/b']);
    expect(kubeconfigFiles({ ...spec, kubeconfig: 'mine' }, '/project')).toEqual(['/project/mine']);
    vi.unstubAllEnvs();
  });

  it.each([
    [
      'a program that logs in',
      { exec: { command: 'aws' } },
      'logs in by a program ("exec"), which the toolbox does not have',
    ],
    [
      'somebody whom it acts as',
      { token, as: 'root' },
      'has "as", which this version of drillbook cannot take along',
    ],
    ['a file that is not there', { token, 'client-key': 'none.key' }, 'cannot be read: ENOENT'],
  ])('is refused with %s, and no message has its keys', async (_what, user, expected) => {
    await using files = await folderWith({ config: kubeconfig(server, user) });
    const said = await readContext('staging-eu', [files.at('config')], 'shop').then(String, String);
    expect(said).toContain(expected);
    expect(said).not.toContain(token);
  });

  it('is refused when there is none of that name, or no YAML, without quoting the file', async () => {
    await using files = await folderWith({ config: kubeconfig(server), broken: `token: {${token}` });
    await expect(readContext('staging', [files.at('config')], 'shop')).rejects.toThrow(
      `there is no context staging in ${files.at('config')}; there are: staging-eu, production`,
    );
    const said = await readContext('staging', [files.at('broken')], 'shop').then(String, String);
    expect(said).toContain('is no YAML');
    expect(said).not.toContain(token);
  });
});
