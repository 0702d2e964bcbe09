import type { LedgerSpec, ProbeSpec } from '../definition/platform.ts';
import type { Running } from '../environments/environment.ts';
import type { LedgerTarget } from '../ledgers/ledger.ts';
import type { ProbeTarget } from '../probes/probe.ts';

/** A probe as plain JSON, its role resolved now. @throws EnvironmentError when the role means nothing here */
export async function probeTarget(running: Running, name: string, spec: ProbeSpec): Promise<ProbeTarget> {
  return {
    name,
    spec,
    address: spec.kind === 'exec' ? null : await running.address(spec.role),
    hosts: running.hosts,
    ...(spec.kind === 'exec' && { exec: running.toolbox }),
  };
}

/** A ledger as plain JSON, its role resolved now. */
export async function ledgerTarget(running: Running, name: string, spec: LedgerSpec): Promise<LedgerTarget> {
  return { name, spec, address: await running.address(spec.role), hosts: running.hosts };
}
