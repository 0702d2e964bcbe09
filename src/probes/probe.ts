import type { DnsQuestion } from '../clients/dns.ts';
import type { ClusterAccess } from '../clients/kubernetes.ts';
import type { ProbeSpec } from '../definition/observing.ts';
import type { Address, Workload } from '../environments/environment.ts';

/**
 * A client-side observation. Built from plain JSON inside the sampler's thread by `createProbe(target)`.
 * Never throws: a failure is an observation.
 */
export interface Probe {
  /** `abort` fires at the slot's deadline, counted from when the slot was due. */
  observe(slot: number, abort: AbortSignal): Promise<Observation>;
  close(): Promise<void>;
}

export interface Observation {
  readonly ok: boolean;
  /** A number that was observed (replication lag in bytes, a queue's length). */
  readonly value?: number;
  /** What was observed, as text of at most 200 characters: a query's first column, a command's last output line. */
  readonly text?: string;
  /** Why not ok, short and stable: `ECONNREFUSED`, `HTTP 503`, `read back 3, wrote 4`. */
  readonly detail?: string;
}

/** What crosses into the sampler's thread: plain JSON. */
export interface ProbeTarget {
  readonly name: string;
  readonly spec: ProbeSpec;
  /** Where the role pointed when the probe started. A `postgres` probe finds the writable member itself, at every connect. */
  readonly address: Address | null;
  /** Names of the platform → addresses, for `exec` probes and URLs. */
  readonly hosts: { readonly [name: string]: string };
  /** The DNS server that an `http` probe with `dns` asks. */
  readonly dns?: DnsQuestion;
  /** An `http` probe speaks TLS, and trusts this CA (PEM). */
  readonly tls?: { readonly ca: string };
  /** A `kubernetes` probe asks this API, of a workload or of the cluster itself. It has keys. */
  readonly kubernetes?: { readonly access: ClusterAccess; readonly workload: Workload | null };
  /** An `exec` probe runs with this argv prefix and environment (the toolbox's). */
  readonly exec?: {
    readonly argv: readonly string[];
    readonly env: { readonly [name: string]: string };
    readonly cwd: string;
  };
}

/** A probe that cannot be built from its target. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
}
