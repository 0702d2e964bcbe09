import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { type Platform, platform as platformFile } from '../../src/definition/platform.ts';

const run = promisify(execFile);
const withinMs = 300_000;
const role = new URL('../../examples/context/role.yaml', import.meta.url).pathname;
export const image = 'node:24-trixie-slim';
export const context = 'shop-staging';
export const namespace = 'shop';

/** A cluster that nobody of drillbook made: somebody else's, with a login that may touch one namespace of it. */
export interface ExistingCluster {
  /** Kubeconfig of the login, which is that of the documentation. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly token: string;
  /** Where clients reach the service at port 30080 of the node. */
  readonly address: string;
  /** As its administrator. */
  kubectl(...argv: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** @param objects what runs in the namespace */
export async function existingCluster(name: string, objects: readonly object[]): Promise<ExistingCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-existing-'));
  const at = (file: string) => join(folder, file);
  const admin = at('admin');
  const port = await freePort();
  const remove = async () => {
    await program('kind', 'delete', 'cluster', '--name', name, '--kubeconfig', admin);
    await rm(folder, { recursive: true, force: true });
  };
  const kubectl = (...argv: readonly string[]) => program('kubectl', '--kubeconfig', admin, ...argv);
  try {
    await writeFile(at('kind.yaml'), await configOf(port));
    await program(
      'kind',
      ...['create', 'cluster', '--name', name, '--kubeconfig', admin],
      ...['--config', at('kind.yaml'), '--wait', '180s'],
    );
    await program('kind', 'load', 'docker-image', image, '--name', name);
    await kubectl('create', 'namespace', namespace);
    await kubectl('apply', '-f', role);
    await writeFile(at('objects'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    await kubectl('apply', '--namespace', namespace, '-f', at('objects'));
    const token = (await kubectl('create', 'token', 'drillbook', '--namespace', namespace)).trim();
    const view = await kubectl('config', 'view', '--raw', '--output', 'json');
    const { cluster } = JSON.parse(view).clusters[0] as { cluster: { server: string } };
    const kubeconfig = at('kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(configFor(cluster, token)), { mode: 0o600 });
    return { kubeconfig, server: cluster.server, token, address: `127.0.0.1:${port}`, kubectl, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What the cluster is in a platform file, and the way to its service. */
export function platformIn(
  { kubeconfig, server, address }: ExistingCluster,
  workloads: { readonly [component: string]: object },
): Platform {
  const components = Object.entries(workloads).map(([component, spec]) => [component, { address, ...spec }]);
  return {
    ...platformFile.parse({
      platform: 'staging',
      environment: 'context',
      'allow-targets': [context],
      components: {
        cluster: { kubernetes: { context, namespace, server, kubeconfig } },
        ...Object.fromEntries(components),
      },
      roles: { front: 'web' },
    }),
    baseDir: tmpdir(),
  };
}

/** Beside it, one that is nobody's business. */
function configFor(cluster: object, token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'production',
    clusters: [
      { name: 'staging', cluster },
      { name: 'production', cluster: { server: 'https://127.0.0.1:1' } },
    ],
    users: [
      { name: 'drills', user: { token } },
      { name: 'boss', user: { token: 'of-production' } },
    ],
    contexts: [
      { name: context, context: { cluster: 'staging', user: 'drills' } },
      { name: 'production', context: { cluster: 'production', user: 'boss' } },
    ],
  };
}

/** The cluster of tests, with a port of its node at this machine. */
async function configOf(port: number): Promise<string> {
  const text = await readFile(new URL('platform/kind.yaml', import.meta.url), 'utf8');
  const documents = parseAllDocuments(text);
  const [first] = 'empty' in documents ? [] : documents;
  const { nodes, ...rest } = (first?.toJS() ?? {}) as { nodes: readonly object[] };
  const extraPortMappings = [{ containerPort: 30080, hostPort: port, listenAddress: '127.0.0.1' }];
  return stringify({ ...rest, nodes: [{ ...nodes[0], extraPortMappings }] });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function program(name: string, ...argv: readonly string[]): Promise<string> {
  const env = { ...process.env, KIND_EXPERIMENTAL_PROVIDER: 'docker' };
  return (await run(name, [...argv], { timeout: withinMs, maxBuffer: 16 * 2 ** 20, env })).stdout;
}
