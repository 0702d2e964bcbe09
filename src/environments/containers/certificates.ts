// Before the library that needs it.
import 'reflect-metadata';

import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { CertificateSpec } from '../../definition/container-component.ts';

/** PEM texts. With the keys of certificates, not of the CA, which is forgotten: nothing else can be signed by it. */
export interface Certificates {
  /** Of the CA that signed the others. */
  readonly ca: string;
  /** Name in the platform file → certificate and private key in one text, as HAProxy reads them. */
  readonly certificates: { readonly [name: string]: string };
}

const dayMs = 24 * 60 * 60 * 1000;
const defaultDays = 30;
/** Clocks of containers and of who checks may differ. */
const leewayMs = 60 * 60 * 1000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/**
 * A new CA, and certificates that it signed.
 * @param now when they are valid, unless they are to have expired by then
 */
export async function makeCertificates(
  specs: { readonly [name: string]: CertificateSpec },
  now: Date,
): Promise<Certificates> {
  const ends = Object.values(specs).map((spec) => validity(spec, now));
  const authority = await makeAuthority(
    new Date(Math.min(now.getTime() - leewayMs, ...ends.map(({ notBefore }) => notBefore.getTime()))),
    new Date(Math.max(now.getTime() + dayMs, ...ends.map(({ notAfter }) => notAfter.getTime())) + dayMs),
  );
  const made = await Promise.all(
    Object.entries(specs).map(async ([name, spec]) => [name, await sign(authority, spec, now)] as const),
  );
  return { ca: `${authority.certificate.toString('pem')}\n`, certificates: Object.fromEntries(made) };
}

async function makeAuthority(notBefore: Date, notAfter: Date): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=drillbook CA of one run',
    notBefore,
    notAfter,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, key: keys.privateKey };
}

async function sign({ certificate: ca, key }: Authority, spec: CertificateSpec, now: Date): Promise<string> {
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    // A common name is too short for some host names; who checks looks at the names below (RFC 9525).
    subject: [{ CN: [(spec.names[0] ?? '').slice(0, 64)] }],
    issuer: ca.subjectName,
    ...validity(spec, now),
    publicKey,
    signingKey: key,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension(spec.names.map(alternativeName)),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  const secret = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', privateKey),
    'PRIVATE KEY',
  );
  return `${certificate.toString('pem')}\n${secret}\n`;
}

/** One that has expired was valid for the usual time before. */
function validity(spec: CertificateSpec, now: Date): { readonly notBefore: Date; readonly notAfter: Date } {
  const days = spec.days ?? defaultDays;
  const end = now.getTime() + days * dayMs;
  const begin = days > 0 ? now.getTime() - leewayMs : end - defaultDays * dayMs;
  return { notBefore: new Date(begin), notAfter: new Date(end) };
}

function alternativeName(name: string): x509.JsonGeneralName {
  return isIP(name) === 0 ? { type: 'dns', value: name } : { type: 'ip', value: name };
}
