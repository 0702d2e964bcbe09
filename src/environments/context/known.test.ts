import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EnvironmentError, type EnvironmentRecord } from '../environment.ts';
import { createContextEnvironment } from './index.ts';
import { knownFrom, recordOf } from './known.ts';
import { folderWith, kubeconfig, stagingPlatform, token } from './testing.ts';

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** An API that has the namespace `shop` under a uid, and nothing in it; `asked` are the paths it was asked. */
async function apiWith(uid: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const path = (request.url ?? '').split('?')[0] ?? '';
    const kinds = [
      { name: 'secrets', kind: 'Secret', namespaced: true },
      { name: 'deployments', kind: 'Deployment', namespaced: true },
    ];
    const answers: { readonly [path: string]: object } = {
      '/api/v1/namespaces/shop': { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', uid } },
      '/api/v1': { resources: kinds.slice(0, 1) },
      '/apis/apps/v1': { resources: kinds.slice(1) },
      '/api/v1/namespaces/shop/secrets': { items: [] },
      '/apis/apps/v1/namespaces/shop/deployments': { items: [] },
    };
    const answer = answers[path];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** As a run journaled it whose folder is gone. */
function recordIn(file: string, server: string, folder: string): EnvironmentRecord {
  const known = {
    platform: stagingPlatform({ server, kubeconfig: file }),
    ...{ component: 'cluster', context: 'staging-eu', namespace: 'shop', namespaceUid: 'then' },
    ...{ server, files: [file] },
  };
  const site = { runId: 'run-1', reportDir: folder, emit: async () => {} };
  return recordOf(known, site, `${folder}/gone`);
}

describe('the record of a run in an existing cluster', () => {
  it('has all that another process needs, and no keys', async () => {
    await using files = await folderWith({ config: kubeconfig('https://10.0.0.1:6443') });
    const record = recordIn(files.at('config'), 'https://10.0.0.1:6443', files.at('report'));
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(knownFrom(record)).toMatchObject({ context: 'staging-eu', files: [files.at('config')] });
    expect(JSON.stringify(record)).not.toContain(token);
  });

  it('is attached to where the same namespace still is, and taken down when nothing is left there', async () => {
    const api = await apiWith('then');
    await using files = await folderWith({ config: kubeconfig(api.url), report: '' });
    const record = recordIn(files.at('config'), api.url, files.at('.'));
    const running = await createContextEnvironment().attach(record);
    expect(await running.address('web')).toMatchObject({ host: '127.0.0.1', port: 80 });
    expect(await createContextEnvironment().down(record)).toEqual([]);
    expect(api.asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  it('is neither attached to nor taken down when its context leads to another server now', async () => {
    const [before, now] = [await apiWith('then'), await apiWith('then')];
    await using files = await folderWith({ config: kubeconfig(before.url) });
    const record = recordIn(files.at('config'), before.url, files.at('.'));
    await writeFile(files.at('config'), JSON.stringify(kubeconfig(now.url)));
    const environment = createContextEnvironment();
    const expected = `the context staging-eu leads to ${now.url} now, and run run-1 was in ${before.url}`;
    await expect(environment.attach(record)).rejects.toThrow(expected);
    await expect(environment.down(record)).rejects.toThrow(expected);
    expect([...before.asked, ...now.asked]).toEqual([]);
  });

  it('is neither attached to nor taken down when another cluster has the server, which has another namespace', async () => {
    const api = await apiWith('now');
    await using files = await folderWith({ config: kubeconfig(api.url) });
    const record = recordIn(files.at('config'), api.url, files.at('.'));
    const environment = createContextEnvironment();
    await expect(environment.attach(record)).rejects.toThrow('is not the one of run run-1 any more');
    await expect(environment.down(record)).rejects.toThrow(EnvironmentError);
    expect(new Set(api.asked)).toEqual(new Set(['GET /api/v1/namespaces/shop']));
  });

  it('is not taken down while nobody can see what faults left', async () => {
    const url = 'http://127.0.0.1:1';
    await using files = await folderWith({ config: kubeconfig(url) });
    const record = recordIn(files.at('config'), url, files.at('.'));
    await expect(createContextEnvironment().down(record)).rejects.toThrow('the API server does not answer');
  });
});
