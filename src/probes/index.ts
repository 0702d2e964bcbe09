import { createExecProbe } from './exec.ts';
import { createHttpProbe } from './http.ts';
import { createKubernetesProbe } from './kubernetes.ts';
import { createPostgresProbe } from './postgres.ts';
import type { Probe, ProbeTarget } from './probe.ts';
import { createRedisProbe } from './redis.ts';

/** Every kind of probe: a new one is a file and a case here. @throws ProbeError when the target lacks what its kind needs */
export function createProbe(target: ProbeTarget): Probe {
  const { spec } = target;
  switch (spec.kind) {
    case 'http':
      return createHttpProbe(target, spec);
    case 'postgres':
      return createPostgresProbe(target, spec);
    case 'redis':
      return createRedisProbe(target, spec);
    case 'kubernetes':
      return createKubernetesProbe(target, spec);
    case 'exec':
      return createExecProbe(target, spec);
  }
}
