import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Platform } from '../../definition/platform.ts';
import { EnvironmentError } from '../environment.ts';
import type { ToolboxMore } from '../local/running.ts';
import type { ExistingContext } from './kubeconfig.ts';

type Hosts = { readonly [name: string]: string };

/**
 * What the operator's toolbox has of an existing cluster: a kubectl that knows this context and no other, and the addresses of what its
 * commands may name.
 * @throws EnvironmentError for a name that this machine cannot resolve
 */
export async function toolboxFor(
  { tools = {} }: Platform,
  { server, kubeconfig, secrets }: ExistingContext,
  hosts: Hosts,
): Promise<ToolboxMore> {
  const api = new URL(server).hostname.replace(/^\[|\]$/g, '');
  const named = isIP(api) === 0 ? { ...hosts, [api]: api } : hosts;
  return { tools: { kubectl: withConfig(tools.kubectl, kubeconfig) }, secrets, hosts: await resolved(named) };
}

function withConfig(given: NonNullable<Platform['tools']>[string] | undefined, kubeconfig: string) {
  const kubectl = given === undefined || given === 'system' ? {} : given;
  // What looks like a name to fill in is none.
  const text = kubeconfig.replaceAll('${', '$${');
  return { ...kubectl, files: { ...kubectl.files, '.kube/config': text } };
}

/** In the toolbox no DNS answers: what it may reach has an address before it begins. */
async function resolved(hosts: Hosts): Promise<Hosts> {
  const entries = Object.entries(hosts).map(async ([name, host]) => {
    if (isIP(host) !== 0) return [name, host] as const;
    const found = await lookup(host).catch((error: NodeJS.ErrnoException) => {
      throw new EnvironmentError(
        `${host} does not resolve on this machine (${error.code}): correct the address of ${name}`,
      );
    });
    return [name, found.address] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
