import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/**
 * The address of a name, looked up anew at every call. Names of the platform come from its own table; others are asked
 * of DNS by a resolver of our own, because `dns.lookup` shares four threads of a pool with the file system, so one
 * hung server name would delay every other probe. That resolver reads no hosts file.
 * @throws the resolver's error (`ENOTFOUND`, `ECONNREFUSED` …)
 */
export async function resolveHost(
  host: string,
  hosts: { readonly [name: string]: string },
  abort: AbortSignal,
): Promise<string> {
  const known = hosts[host] ?? host;
  if (isIP(known) !== 0) return known;
  if (known === 'localhost') return '127.0.0.1';
  const resolver = new Resolver();
  const cancel = () => resolver.cancel();
  abort.addEventListener('abort', cancel, { once: true });
  try {
    return await firstAddress(resolver, known);
  } finally {
    abort.removeEventListener('abort', cancel);
  }
}

async function firstAddress(resolver: Resolver, name: string): Promise<string> {
  const [v4] = await resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENODATA') return [];
    throw error;
  });
  if (v4 !== undefined) return v4;
  const [v6] = await resolver.resolve6(name);
  if (v6 === undefined) throw Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
  return v6;
}
