import type { DnsQuestion } from '../clients/dns.ts';
import type { DnsSpec, LedgerSpec, ProbeSpec } from '../definition/observing.ts';
import { type Address, EnvironmentError, type Running } from '../environments/environment.ts';
import type { LedgerTarget } from '../ledgers/ledger.ts';
import type { ProbeTarget } from '../probes/probe.ts';

/** What of a running platform a client needs. */
export type Reach = Pick<
  Running,
  'hosts' | 'reached' | 'authority' | 'toolbox' | 'fill' | 'address' | 'kubernetes'
>;

/**
 * A probe as plain JSON, its role resolved now. Its headers are filled in, so it may have secrets: it is never journaled.
 * @throws EnvironmentError when the role means nothing here, publishes no such port, or there is no CA for TLS
 */
export async function probeTarget(running: Reach, name: string, spec: ProbeSpec): Promise<ProbeTarget> {
  return {
    name,
    spec: withHeaders(running, spec),
    address: 'role' in spec ? portMeant(name, spec, await running.address(spec.role)) : null,
    hosts: running.hosts,
    ...('dns' in spec && (await question(running, spec.dns))),
    ...('tls' in spec && spec.tls && trusted(running, name)),
    ...(spec.kind === 'exec' && { exec: running.toolbox }),
    ...(spec.kind === 'kubernetes' && (await inCluster(running, name, spec))),
  };
}

type KubernetesProbe = Extract<ProbeSpec, { kind: 'kubernetes' }>;

async function inCluster(
  { kubernetes }: Reach,
  name: string,
  spec: KubernetesProbe,
): Promise<Pick<ProbeTarget, 'kubernetes'>> {
  if (kubernetes === undefined)
    throw new EnvironmentError(
      `probe ${name} asks a Kubernetes cluster and this environment has none: take the probe out, or run the platform on "environment: kind"`,
    );
  const workload = spec.workload === undefined ? null : kubernetes.workload(spec.workload);
  const cluster = workload?.cluster ?? spec.cluster ?? kubernetes.clusters[0] ?? '';
  return { kubernetes: { access: await kubernetes.access(cluster), workload } };
}

/** A ledger as plain JSON, its role resolved now; never journaled, as a probe's target. */
export async function ledgerTarget(running: Reach, name: string, spec: LedgerSpec): Promise<LedgerTarget> {
  return {
    name,
    spec: withHeaders(running, spec),
    address: await running.address(spec.role),
    hosts: running.hosts,
    ...('dns' in spec && (await question(running, spec.dns))),
    ...('tls' in spec && spec.tls && trusted(running, name)),
  };
}

async function question(running: Reach, dns: DnsSpec | undefined): Promise<{ readonly dns?: DnsQuestion }> {
  if (dns === undefined) return {};
  const { host, ports, component } = await running.address(dns.server);
  // Where a component has one port, others that it listens on are reached as they are.
  const port = ports === undefined ? dns.port : ports[dns.port];
  if (port === undefined)
    throw new EnvironmentError(
      `${dns.name} is asked of port ${dns.port}, which ${component} does not publish: name it in the component's "udp"`,
    );
  const { reached } = running;
  return { dns: { name: dns.name, host, port, ...(reached !== undefined && { reached }) } };
}

function portMeant(probe: string, spec: ProbeSpec, address: Address): Address {
  if (!('port' in spec) || spec.port === undefined) return address;
  const port = address.ports?.[spec.port];
  const asked = spec.port;
  if (port !== undefined)
    return {
      ...address,
      port,
      ...(address.replicas !== undefined && {
        replicas: address.replicas.map((each) => ({ ...each, port: each.ports[asked] ?? each.port })),
      }),
    };
  const there = Object.keys(address.ports ?? {}).join(', ');
  throw new EnvironmentError(
    `probe ${probe}: ${address.component} publishes no port ${spec.port}: ${there === '' ? 'in this environment a component has one port, the one its role means; leave "port" out' : `there are ${there}; further ones are named in the component's "ports"`}`,
  );
}

function trusted({ authority }: Reach, name: string): { readonly tls: { readonly ca: string } } {
  if (authority !== undefined) return { tls: { ca: authority } };
  throw new EnvironmentError(
    `${name} speaks TLS and this environment has no certificates to trust: take "tls" out, or run the platform on "environment: containers"`,
  );
}

function withHeaders<Spec extends ProbeSpec | LedgerSpec>(running: Reach, spec: Spec): Spec {
  if (!('headers' in spec) || spec.headers === undefined) return spec;
  const filled = Object.entries(spec.headers).map(([header, text]) => [header, running.fill(text)]);
  return { ...spec, headers: Object.fromEntries(filled) };
}
