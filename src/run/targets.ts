import type { DnsQuestion } from '../clients/dns.ts';
import type { DnsSpec, LedgerSpec, ProbeSpec } from '../definition/observing.ts';
import type { Running } from '../environments/environment.ts';
import type { LedgerTarget } from '../ledgers/ledger.ts';
import type { ProbeTarget } from '../probes/probe.ts';

/** What of a running platform a client needs. */
export type Reach = Pick<Running, 'hosts' | 'toolbox' | 'fill' | 'address'>;

/**
 * A probe as plain JSON, its role resolved now. Its headers are filled in, so it may have secrets: it is never journaled.
 * @throws EnvironmentError when the role means nothing here
 */
export async function probeTarget(running: Reach, name: string, spec: ProbeSpec): Promise<ProbeTarget> {
  return {
    name,
    spec: withHeaders(running, spec),
    address: spec.kind === 'exec' ? null : await running.address(spec.role),
    hosts: running.hosts,
    ...('dns' in spec && (await question(running, spec.dns))),
    ...(spec.kind === 'exec' && { exec: running.toolbox }),
  };
}

/** A ledger as plain JSON, its role resolved now; never journaled, as a probe's target. */
export async function ledgerTarget(running: Reach, name: string, spec: LedgerSpec): Promise<LedgerTarget> {
  return {
    name,
    spec: withHeaders(running, spec),
    address: await running.address(spec.role),
    hosts: running.hosts,
    ...('dns' in spec && (await question(running, spec.dns))),
  };
}

async function question(running: Reach, dns: DnsSpec | undefined): Promise<{ readonly dns?: DnsQuestion }> {
  if (dns === undefined) return {};
  const { host } = await running.address(dns.server);
  return { dns: { name: dns.name, host, port: dns.port } };
}

function withHeaders<Spec extends ProbeSpec | LedgerSpec>(running: Reach, spec: Spec): Spec {
  if (!('headers' in spec) || spec.headers === undefined) return spec;
  const filled = Object.entries(spec.headers).map(([header, text]) => [header, running.fill(text)]);
  return { ...spec, headers: Object.fromEntries(filled) };
}
