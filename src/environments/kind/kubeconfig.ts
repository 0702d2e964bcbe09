import { parse, stringify } from 'yaml';
import { EnvironmentError } from '../environment.ts';
import { kind } from './command.ts';

/** How drillbook itself gets to a cluster's API, at this machine's loopback. It has a key: never journaled. */
export function outsideConfig(clusterName: string, abort?: AbortSignal): Promise<string> {
  return kind(['get', 'kubeconfig', '--name', clusterName], { ...(abort !== undefined && { abort }) });
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: object }[];
  readonly users: readonly { readonly user: object }[];
}

/**
 * The kubeconfig of the toolbox: each cluster a context of its name in the platform file, the first one current, and nothing
 * else, so that no command finds another cluster.
 * @param configs what kind says of each for clients in the network of its nodes
 */
export function toolboxConfig(configs: ReadonlyMap<string, string>): string {
  const names = [...configs.keys()];
  const parsed = new Map([...configs].map(([name, text]) => [name, parse(text) as Kubeconfig]));
  const entryOf = (name: string): Kubeconfig => {
    const found = parsed.get(name);
    if (found?.clusters[0] === undefined || found.users[0] === undefined)
      throw new EnvironmentError(`kind names no cluster in the kubeconfig of ${name}`);
    return found;
  };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': names[0] ?? '',
    clusters: names.map((name) => ({ name, cluster: entryOf(name).clusters[0]?.cluster })),
    users: names.map((name) => ({ name: `${name}-operator`, user: entryOf(name).users[0]?.user })),
    contexts: names.map((name) => ({ name, context: { cluster: name, user: `${name}-operator` } })),
  });
}

export function insideConfig(clusterName: string, abort?: AbortSignal): Promise<string> {
  return kind(['get', 'kubeconfig', '--internal', '--name', clusterName], {
    ...(abort !== undefined && { abort }),
  });
}
