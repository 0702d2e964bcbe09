import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../environment.ts';
import { clusterOf, RefusedError } from './cluster.ts';

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

type Answer = (asked: IncomingMessage, body: string) => readonly [status: number, body: unknown] | null;

const core = {
  resources: [
    { name: 'pods', kind: 'Pod', namespaced: true },
    { name: 'pods/eviction', kind: 'Eviction', namespaced: true },
    { name: 'nodes', kind: 'Node', namespaced: false },
  ],
};

/** A server that lists kinds as an API server does and answers the rest as told; null: never. */
async function serverThat(answer: Answer): Promise<string> {
  const server = createServer(async (asked: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of asked) body += chunk;
    const said = asked.url === '/api/v1' ? ([200, core] as const) : answer(asked, body);
    if (said === null) return;
    response.writeHead(said[0], { 'content-type': 'application/json' }).end(JSON.stringify(said[1]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return kubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    clusters: [{ name: 'it', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'it', user: { token: 'swordfish' } }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
  });
}

const pod = { apiVersion: 'v1', kind: 'Pod', name: 'web' };

describe('clusterOf', () => {
  it('asks with the login of its kubeconfig, and hands objects on as they are', async () => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { unheardOf: [1] } };
    const config = await serverThat(({ url, headers }) => {
      expect(headers.authorization).toBe('Bearer swordfish');
      expect(url).toBe('/api/v1/namespaces/ops/pods/web');
      return [200, object];
    });
    expect(await clusterOf('main', config).get({ ...pod, namespace: 'ops' })).toEqual(object);
  });

  it('sends patches as they are', async () => {
    const patch = [{ op: 'remove', path: '/spec' }];
    const seen: unknown[] = [];
    const config = await serverThat(({ method, headers }, body) => {
      seen.push(method, headers['content-type'], JSON.parse(body));
      return [200, {}];
    });
    await clusterOf('main', config).change(pod, 'json', patch);
    expect(seen).toEqual(['PATCH', 'application/json-patch+json', patch]);
  });

  it('lists by labels and fields, of all namespaces or of none', async () => {
    const urls: (string | undefined)[] = [];
    const config = await serverThat(({ url }) => {
      urls.push(url);
      return [200, { items: [{ metadata: { name: 'a' } }] }];
    });
    const cluster = clusterOf('main', config);
    const listed = await cluster.list({ apiVersion: 'v1', kind: 'Pod', labels: 'app=web', fields: 'a.b=c' });
    await cluster.list({ apiVersion: 'v1', kind: 'Node' });
    expect(listed).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }]);
    expect(urls).toEqual(['/api/v1/pods?labelSelector=app%3Dweb&fieldSelector=a.b%3Dc', '/api/v1/nodes']);
  });

  it('finds nothing to be no error, neither to read nor to remove', async () => {
    const cluster = clusterOf('main', await serverThat(() => [404, { message: 'not found' }]));
    expect(await cluster.get(pod)).toBeNull();
    await cluster.remove(pod, { graceSeconds: 0 });
  });

  it('says why the server refused, and never with what login', async () => {
    const config = await serverThat(() => [409, { message: 'pods "web" already exists' }]);
    const refused = clusterOf('main', config).create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
    });
    await expect(refused).rejects.toThrow(
      'main: creating Pod default/web: the API server refused: pods "web" already exists',
    );
    await expect(refused).rejects.toMatchObject({ status: 409 });
    await expect(refused).rejects.toBeInstanceOf(RefusedError);
  });

  it('waits for no answer longer than its deadline', async () => {
    const silent = clusterOf('main', await serverThat(() => null), { withinMs: 200 });
    await expect(silent.get(pod)).rejects.toThrow('the API server does not answer (no answer within 0.2 s)');
    await expect(silent.get(pod)).rejects.toBeInstanceOf(EnvironmentError);
    const nobody = clusterOf('main', kubeconfig('http://127.0.0.1:1'));
    await expect(nobody.get(pod)).rejects.toThrow('the API server does not answer (ECONNREFUSED)');
  });

  it('names a kind that the cluster has not, and no part of a kubeconfig that it cannot read', async () => {
    const cluster = clusterOf('main', await serverThat(() => [404, {}]));
    await expect(cluster.get({ ...pod, apiVersion: 'more/v1', kind: 'Thing' })).rejects.toThrow(
      'main has no kind Thing in more/v1; see what it has with "kubectl api-resources"',
    );
    const unreadable = clusterOf('main', 'token: {swordfish');
    const said = await unreadable.get(pod).then(String, String);
    expect(said).toContain('the kubeconfig of main cannot be read');
    expect(said).not.toContain('swordfish');
  });

  it('keeps to one namespace when it is told to, whatever is asked of it', async () => {
    const urls: string[] = [];
    const config = await serverThat(({ method, url }) => {
      urls.push(`${method} ${url}`);
      return [200, { items: [] }];
    });
    const cluster = clusterOf('main', config, { confinedTo: 'shop' });
    const inside = { ...pod, namespace: 'shop' };
    const outside = { ...pod, namespace: 'kube-system' };
    const { apiVersion, kind } = pod;
    const node = { apiVersion: 'v1', kind: 'Node', name: 'shop', namespace: 'shop' };
    const said = 'this run keeps to the namespace shop';
    for (const refused of [outside, pod, node]) {
      await expect(cluster.get(refused)).rejects.toThrow(said);
      await expect(cluster.change(refused, 'merge', {})).rejects.toThrow(said);
      await expect(cluster.remove(refused)).rejects.toThrow(said);
      const { name, namespace } = { namespace: 'default', ...refused };
      const object = { apiVersion, kind: refused.kind, metadata: { name, namespace } };
      await expect(cluster.create(object)).rejects.toThrow(said);
    }
    await expect(cluster.list({ apiVersion, kind })).rejects.toThrow(said);
    await expect(cluster.remove({ apiVersion, kind: 'Namespace', name: 'shop' })).rejects.toThrow(
      EnvironmentError,
    );
    expect(urls).toEqual([]);
    await cluster.list({ apiVersion, kind, namespace: 'shop' });
    await cluster.get(inside);
    await cluster.get({ apiVersion, kind: 'Namespace', name: 'shop' });
    expect(urls).toEqual([
      'GET /api/v1/namespaces/shop/pods',
      'GET /api/v1/namespaces/shop/pods/web',
      'GET /api/v1/namespaces/shop',
    ]);
  });
});
