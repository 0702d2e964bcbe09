import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ContextClusterSpec } from '../../definition/kubernetes-component.ts';
import { EnvironmentError } from '../environment.ts';

/** One context of the operator's kubeconfig. It has keys: never journaled. */
export interface ExistingContext {
  /** URL of the API server. */
  readonly server: string;
  /** A kubeconfig with this context and nothing else, and with the contents of all files that it named. */
  readonly kubeconfig: string;
  /** What of it must never be shown. */
  readonly secrets: readonly string[];
}

/** Files that may have the context, the first that has it counts, as for kubectl. */
export function kubeconfigFiles({ kubeconfig }: ContextClusterSpec, baseDir: string): readonly string[] {
  if (kubeconfig !== undefined) return [resolve(baseDir, kubeconfig)];
  const named = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  return named.length > 0 ? named.map((file) => resolve(file)) : [join(homedir(), '.kube', 'config')];
}

type Entry = { readonly [key: string]: unknown };
interface Found {
  readonly entry: Entry;
  /** Folder that relative paths in it start from. */
  readonly folder: string;
}

/**
 * Takes one context out of kubeconfig files, for one namespace of its cluster.
 * @throws EnvironmentError when none of them has it, when it needs more than can be taken along (a program that logs in), and for a
 * file that cannot be read. No message quotes a file.
 */
export async function readContext(
  name: string,
  files: readonly string[],
  namespace: string,
): Promise<ExistingContext> {
  const parsed = await Promise.all(files.map(readConfig));
  const find = (list: string, key: string, wanted: string): Found | null => {
    for (const { folder, config } of parsed) {
      const named = entriesIn(config, list).find((each) => each.name === wanted)?.[key];
      if (isEntry(named)) return { entry: named, folder };
    }
    return null;
  };
  const context = find('contexts', 'context', name);
  if (context === null) throw new EnvironmentError(unknownContext(name, files, parsed));
  const cluster = find('clusters', 'cluster', String(context.entry.cluster));
  const user = find('users', 'user', String(context.entry.user));
  if (cluster === null || typeof cluster.entry.server !== 'string')
    throw new EnvironmentError(
      `the context ${name} names a cluster that no kubeconfig has: see "kubectl config get-contexts ${name}"`,
    );
  const taken = await takeAlong(name, clusterKeys, cluster);
  const login = await takeAlong(name, userKeys, user ?? { entry: {}, folder: '' });
  return {
    server: cluster.entry.server,
    kubeconfig: stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [{ name, cluster: taken }],
      users: [{ name, user: login }],
      contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    }),
    secrets: secretKeys.flatMap((key) => (typeof login[key] === 'string' ? [login[key]] : [])),
  };
}

/** Key → what it becomes: itself, or what a file that it names has, plain or as base64. */
type Keys = { readonly [key: string]: 'kept' | { readonly as: string; readonly base64: boolean } };

const clusterKeys: Keys = {
  server: 'kept',
  'certificate-authority-data': 'kept',
  'certificate-authority': { as: 'certificate-authority-data', base64: true },
  'insecure-skip-tls-verify': 'kept',
  'tls-server-name': 'kept',
  'disable-compression': 'kept',
  extensions: 'kept',
};
const userKeys: Keys = {
  'client-certificate-data': 'kept',
  'client-certificate': { as: 'client-certificate-data', base64: true },
  'client-key-data': 'kept',
  'client-key': { as: 'client-key-data', base64: true },
  token: 'kept',
  tokenFile: { as: 'token', base64: false },
  username: 'kept',
  password: 'kept',
  extensions: 'kept',
};
const secretKeys = ['client-key-data', 'token', 'password'];

/** All or nothing: a part that is left out, such as whom it acts as, would make it another login. */
async function takeAlong(name: string, keys: Keys, { entry, folder }: Found): Promise<Entry> {
  const taken: [string, unknown][] = [];
  for (const [key, value] of Object.entries(entry)) {
    const how = keys[key];
    if (how === undefined) throw new EnvironmentError(cannotTake(name, key));
    if (how === 'kept') {
      if (key !== 'extensions') taken.push([key, value]);
      continue;
    }
    const file = resolve(folder, String(value));
    const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw new EnvironmentError(
        `the context ${name} names the file ${file}, which cannot be read: ${error.code}`,
      );
    });
    // Beside the same as text, kubectl takes the text of certificates and the file of a token.
    if (entry[how.as] === undefined || !how.base64)
      taken.push([how.as, how.base64 ? content.toString('base64') : content.toString('utf8').trim()]);
  }
  return Object.fromEntries(taken.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
}

function cannotTake(name: string, key: string): string {
  const todo =
    'write a kubeconfig with a token or a client certificate that may touch its namespace only, and name it in "kubeconfig" of the platform file';
  if (key === 'exec' || key === 'auth-provider')
    return `the context ${name} logs in by a program ("${key}"), which the toolbox does not have: ${todo}`;
  return `the context ${name} has "${key}", which this version of drillbook cannot take along: ${todo}`;
}

async function readConfig(file: string): Promise<{ readonly folder: string; readonly config: Entry }> {
  const folder = dirname(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // Of several files that a variable names, some may not be there.
    if (error.code === 'ENOENT') return '';
    throw new EnvironmentError(`the kubeconfig ${file} cannot be read: ${error.code}`);
  });
  try {
    const config: unknown = parse(text);
    return { folder, config: isEntry(config) ? config : {} };
  } catch {
    // The parser's words would quote it.
    throw new EnvironmentError(`the kubeconfig ${file} is no YAML: see it with "kubectl config view"`);
  }
}

function entriesIn(config: Entry, list: string): readonly Entry[] {
  const entries = config[list];
  return Array.isArray(entries) ? entries.filter(isEntry) : [];
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownContext(
  name: string,
  files: readonly string[],
  parsed: readonly { readonly config: Entry }[],
): string {
  const there = parsed.flatMap(({ config }) =>
    entriesIn(config, 'contexts').map((each) => String(each.name)),
  );
  return `there is no context ${name} in ${files.join(', ')}; there are: ${there.join(', ') || 'none'}`;
}
