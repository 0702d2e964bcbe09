import type { MarkEvent } from './events.ts';

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'array';
type Shape = { readonly [field: string]: Kind };

const injection = { injection: 'string' } as const;
const condition = { condition: 'string', purpose: 'string' } as const;
const step = { step: 'string', procedure: 'string' } as const;
const instance = { component: 'string', instance: 'string' } as const;
const read = { ledger: 'string', read: 'string' } as const;

/** The fields of each mark that a reader relies on; nullable ones are left to whoever reads them. */
const shapes: { readonly [T in MarkEvent['type']]: Shape } = {
  'phase.start': { phase: 'string' },
  'phase.end': { phase: 'string' },
  'stage.start': { stage: 'number' },
  'stage.end': { stage: 'number', outcome: 'string' },
  environment: { record: 'object' },
  'environment.down': { leftovers: 'array' },
  'component.started': { ...instance, pid: 'number', pidStart: 'string' },
  'component.exited': { ...instance, pid: 'number' },
  'cluster.renewed': { cluster: 'string', reasons: 'array' },
  'role.resolved': { role: 'string', instance: 'string' },
  'steady.met': {},
  'steady.timeout': { reason: 'string' },
  'fault.prepared': { injection: 'object' },
  'fault.injecting': injection,
  'fault.injected': injection,
  'fault.failed': { ...injection, message: 'string' },
  'fault.status': { ...injection, status: 'string', when: 'string' },
  'fault.healing': injection,
  'fault.healed': { ...injection, status: 'string' },
  'fault.heal-failed': { ...injection, message: 'string' },
  'condition.watch': condition,
  'condition.met': { ...condition, sinceNs: 'number' },
  'condition.timeout': condition,
  'procedure.start': { procedure: 'string' },
  'procedure.end': { procedure: 'string' },
  'step.start': { ...step, attempt: 'string' },
  'step.end': { ...step, attempt: 'string', result: 'object' },
  'step.verified': { ...step, attempt: 'string', ok: 'boolean', check: 'string' },
  'step.not-run': { ...step, reason: 'string', why: 'string' },
  'step.manual': { ...step, answer: 'string' },
  'health-check': { check: 'string', when: 'string', answer: 'string', ms: 'number' },
  criterion: { criterion: 'string', observed: 'string' },
  returned: instance,
  rejoined: instance,
  'rejoin.failed': { ...instance, message: 'string' },
  'probe.started': { probe: 'string', t0Ns: 'number', periodNs: 'number', deadlineNs: 'number' },
  'probe.stopped': { probe: 'string', slots: 'number' },
  'harness.lag': { thread: 'string', lagNs: 'number' },
  'ledger.started': { ledger: 'string' },
  'ledger.stopped': { ledger: 'string' },
  'ledger.read': { ...read, instance: 'string', why: 'string' },
  'ledger.read-end': { ...read, rows: 'number' },
  'ledger.read-failed': { ...read, message: 'string' },
  'load.started': { load: 'string', kind: 'string', ratePerSecond: 'number' },
  'load.summary': { load: 'string', endedEarly: 'boolean' },
  interrupted: { reason: 'string' },
  error: { where: 'string', message: 'string' },
  'run.end': {},
};

/** What is wrong with a mark's fields, or null. A type that is not known here has no shape: a later minor change added it. */
export function markProblem(type: string, value: object): string | null {
  if (!Object.hasOwn(shapes, type)) return null;
  return fieldProblem(value, shapes[type as MarkEvent['type']]);
}

/** The first field that is missing or of another kind, in words; null when there is none. */
export function fieldProblem(value: object, shape: Shape): string | null {
  const fields = value as { readonly [field: string]: unknown };
  for (const [field, kind] of Object.entries(shape)) {
    if (kindOf(fields[field]) !== kind)
      return `"${field}" should be ${article(kind)}, and is ${kindOf(fields[field])}`;
  }
  return null;
}

const article = (kind: Kind): string => (/^[ao]/.test(kind) ? `an ${kind}` : `a ${kind}`);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'not finite';
  return Array.isArray(value) ? 'array' : typeof value;
}
