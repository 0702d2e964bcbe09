import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../../definition/platform.ts';
import { platform as platformFile } from '../../definition/platform.ts';

export const token = 'swordfish-of-the-operator';

/** Two contexts, of which one is nobody's business. A plain server is taken only as one that proves nothing. */
export function kubeconfig(server: string, user: object = { token }): object {
  const plain = server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {};
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'production',
    clusters: [
      { name: 'the-staging', cluster: { server, ...plain } },
      { name: 'the-production', cluster: { server: 'https://production.example.com' } },
    ],
    users: [
      { name: 'me', user },
      { name: 'boss', user: { token: 'token-of-production' } },
    ],
    contexts: [
      { name: 'staging-eu', context: { cluster: 'the-staging', user: 'me', namespace: 'default' } },
      { name: 'production', context: { cluster: 'the-production', user: 'boss' } },
    ],
  };
}

/** A folder with files in it, gone at the end of the scope. */
export async function folderWith(files: { readonly [name: string]: string | object }) {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-context-'));
  const at = (name: string) => join(folder, name);
  for (const [name, content] of Object.entries(files))
    await writeFile(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  return { at, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** One workload in the context `staging-eu`. */
export function stagingPlatform(cluster: object, more: object = {}): Platform {
  const components = {
    cluster: { kubernetes: { context: 'staging-eu', namespace: 'shop', ...cluster } },
    web: { workload: 'deployment', address: '127.0.0.1:80' },
  };
  return {
    ...platformFile.parse({ platform: 'staging', environment: 'context', components, ...more }),
    baseDir: '/project',
  };
}
