import type { ClusterAccess } from '../../clients/kubernetes.ts';
import { EnvironmentError } from '../environment.ts';

type Bytes = string | Buffer;

/**
 * How the current context of a kubeconfig is spoken to, with whatever that asks for: a client certificate, a token, a program that
 * gives one. The library that knows them all is loaded only here: drills on other environments do not wait for it.
 * @throws EnvironmentError when the kubeconfig names no server
 */
export async function accessOf(name: string, kubeconfig: string): Promise<ClusterAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  // What the library says of a text that it cannot read may quote it, and it has keys.
  const unreadable = `the kubeconfig of ${name} cannot be read; see it with "kubectl config view"`;
  try {
    config.loadFromString(kubeconfig);
  } catch {
    throw new EnvironmentError(unreadable);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new EnvironmentError(`${unreadable}: its current context names no cluster`);
  const options: {
    ca?: Bytes;
    cert?: Bytes;
    key?: Bytes;
    servername?: string;
    rejectUnauthorized?: boolean;
    headers?: { [name: string]: string };
  } = {};
  try {
    await config.applyToHTTPSOptions(options as Parameters<typeof config.applyToHTTPSOptions>[0]);
  } catch {
    throw new EnvironmentError(
      `${name}: the login of its kubeconfig gave no credentials; try "kubectl get --raw /version" with it`,
    );
  }
  const { ca, cert, key, servername, rejectUnauthorized, headers } = options;
  return {
    server: cluster.server,
    ...(ca !== undefined && { ca: String(ca) }),
    ...(cert !== undefined && { cert: String(cert) }),
    ...(key !== undefined && { key: String(key) }),
    ...(servername !== undefined && { serverName: servername }),
    ...(rejectUnauthorized === false && { skipVerify: true }),
    ...(headers !== undefined && { headers: { ...headers } }),
  };
}
