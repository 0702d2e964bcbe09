import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Address } from '../../src/environments/environment.ts';

export interface TestHttpServer {
  readonly address: Address;
  stop(): Promise<void>;
}

export function addressOf(host: string, port: number): Address {
  return { role: 'api', component: 'api', instance: 'api', name: 'api', host, port, why: 'test' };
}

/**
 * A real server on a free port.
 * @param pem certificate and private key, for one that speaks TLS
 */
export async function startHttp(
  listener: RequestListener,
  host = '127.0.0.1',
  pem?: string,
): Promise<TestHttpServer> {
  const server =
    pem === undefined ? createServer(listener) : createTlsServer({ cert: pem, key: pem }, listener);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: addressOf(host, port),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Where nothing listens: a port that was free a moment ago. */
export async function nowhere(host = '127.0.0.1'): Promise<Address> {
  const server = await startHttp(() => {}, host);
  await server.stop();
  return server.address;
}
