import type { Platform } from '../definition/platform.ts';
import type { Problem } from './environment.ts';

/** Where all components share one address, and have ports of their own, an address that DNS gives leads nowhere. */
export function switchedNames({ probes, ledgers }: Platform): readonly Problem[] {
  const users = Object.entries({ ...probes, ...ledgers }).flatMap(([name, spec]) =>
    'dns' in spec && spec.dns !== undefined ? [`${name} asks for ${spec.dns.name}`] : [],
  );
  if (users.length === 0) return [];
  const what = `names that are switched by DNS need an address for each component, and this machine has 127.0.0.1 alone: ${users.join(', ')}`;
  return [{ what, todo: 'run this drill on Linux, or take "dns" out of these probes and ledgers' }];
}
