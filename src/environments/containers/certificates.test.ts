import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from './certificates.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('certificates of a run', () => {
  const now = new Date();
  let made: Certificates;
  let others: Certificates;
  beforeAll(async () => {
    const specs = {
      site: { names: ['app.example.com', 'api.example.com', '127.0.0.1'] },
      old: { names: ['app.example.com'], days: -3 },
      short: { names: ['app.example.com'], days: 1 },
    };
    made = await makeCertificates(specs, now);
    others = await makeCertificates(specs, now);
  });
  const read = (name: string): X509Certificate => new X509Certificate(made.certificates[name] ?? '');

  it('are signed by a CA that is one', () => {
    const ca = new X509Certificate(made.ca);
    expect([ca.ca, ca.verify(ca.publicKey), made.ca.includes('PRIVATE')]).toEqual([true, true, false]);
    for (const name of ['site', 'old', 'short']) {
      expect([read(name).ca, read(name).checkIssued(ca), read(name).verify(ca.publicKey)]).toEqual([
        false,
        true,
        true,
      ]);
      expect(read(name).verify(new X509Certificate(others.ca).publicKey)).toBe(false);
    }
    expect(new Set(['site', 'old', 'short'].map((name) => read(name).serialNumber)).size).toBe(3);
  });

  it('are for all their names and no other', () => {
    expect(read('site').subjectAltName).toBe(
      'DNS:app.example.com, DNS:api.example.com, IP Address:127.0.0.1',
    );
    expect(read('site').checkHost('api.example.com')).toBe('api.example.com');
    expect(read('site').checkHost('www.example.com')).toBeUndefined();
  });

  it.each([
    ['site', 30],
    ['old', -3],
    ['short', 1],
  ])('of %s end after %i days', (name, days) => {
    const { validFromDate, validToDate } = read(name);
    expect(Math.abs(validToDate.getTime() - now.getTime() - days * dayMs)).toBeLessThan(1000);
    expect(validFromDate.getTime()).toBeLessThan(Math.min(now.getTime(), validToDate.getTime()));
    const ca = new X509Certificate(made.ca);
    expect(ca.validFromDate.getTime()).toBeLessThanOrEqual(validFromDate.getTime());
    expect(ca.validToDate.getTime()).toBeGreaterThan(validToDate.getTime());
  });

  it.each([
    ['site', 'its CA', 'app.example.com', null],
    ['site', 'its CA', 'www.example.com', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['site', 'another CA', 'app.example.com', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['site', 'no CA', 'app.example.com', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['old', 'its CA', 'app.example.com', 'CERT_HAS_EXPIRED'],
  ])('of %s, to who knows %s and asks for %s: %s', async (name, known, servername, code) => {
    const pem = made.certificates[name] ?? '';
    const ca = known === 'its CA' ? made.ca : known === 'another CA' ? others.ca : undefined;
    expect(await handshake(pem, ca, servername)).toBe(code);
  });
});

/** Code of the error that a client has on loopback; null for none. */
async function handshake(pem: string, ca: string | undefined, servername: string): Promise<string | null> {
  const server = createServer({ cert: pem, key: pem }, (socket) => socket.end('hello'));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, servername, ...(ca === undefined ? {} : { ca }) });
  try {
    const [data] = await once(client, 'data');
    expect(String(data)).toBe('hello');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    client.destroy();
    server.close();
  }
}
