import { z } from 'zod';
import { containerFaults } from './container-faults.ts';
import { duration } from './duration.ts';
import { kubernetesFaults } from './kubernetes-faults.ts';
import { name } from './name.ts';
import { toxicFault } from './toxic-fault.ts';

export const faultSpec = z.discriminatedUnion('fault', [
  z.strictObject({
    fault: z.literal('kill'),
    target: name.describe('role, component or instance'),
    signal: z.enum(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGABRT']).optional(),
    scope: z
      .enum(['component', 'leader'])
      .optional()
      .describe('every process of it, or its main process only; default component'),
    processes: z
      .string()
      .min(1)
      .optional()
      .describe('only processes whose title contains this; needs "restart: allowed"'),
    restart: z
      .enum(['held', 'allowed'])
      .describe('whether anything may start it again before the drill heals the fault'),
  }),
  z.strictObject({
    fault: z.literal('pause'),
    target: name,
    scope: z.enum(['component', 'leader']).optional(),
    processes: z.string().optional().describe('only processes whose title contains this, e.g. walsender'),
  }),
  z.strictObject({
    fault: z.literal('request'),
    target: name.describe('role or component that speaks HTTP and has a door for faults'),
    path: z
      .string()
      .startsWith('/')
      .describe(
        'of the fault: PUT injects it, DELETE heals it, GET answers {"state": "active" | "gone" | "superseded"}',
      ),
    body: z.record(z.string(), z.unknown()).optional().describe('JSON object that PUT sends; default {}'),
  }),
  z.strictObject({
    fault: z.literal('start'),
    target: name.describe('component with "replicas: 0": a job that does harm while it runs'),
    replicas: z.int().min(1).max(16).optional().describe('how many of it to start; default 1'),
  }),
  z.strictObject({
    fault: z.literal('sql'),
    target: name.describe(
      'role, component or instance of a database; the SQL runs there as its administrator',
    ),
    inject: z.string().min(1),
    heal: z.string().min(1).optional().describe('default: there is no way back'),
    active: z
      .string()
      .min(1)
      .optional()
      .describe(
        'query whose first column is true while the fault is active, e.g. select pg_is_wal_replay_paused(); goes with "heal"',
      ),
  }),
  toxicFault,
  ...containerFaults,
  ...kubernetesFaults,
]);
export type FaultSpec = z.infer<typeof faultSpec>;

/** What a fault is done to, in the words of its scenario; null: the first cluster. */
export function victimOf(spec: FaultSpec): string | null {
  if ('target' in spec && spec.target !== undefined) return spec.target;
  if ('object' in spec && spec.object !== undefined) return `${spec.object.kind} ${spec.object.name}`;
  return 'cluster' in spec ? (spec.cluster ?? null) : null;
}

/** A condition on a signal: everything that is observed over time is one. */
export const condition = z.union([
  z.strictObject({
    probe: name,
    is: z.enum(['failing', 'healthy']),
    for: duration.optional().describe('without interruption; default one slot'),
  }),
  z.strictObject({ probe: name, above: z.number() }),
  z.strictObject({ probe: name, below: z.number() }),
  z.strictObject({ probe: name, equals: z.number() }),
]);
export type Condition = z.infer<typeof condition>;

/** A condition that is watched from an injection on, for a limited time. */
export const watched = z.strictObject({
  when: condition,
  within: duration.optional().describe('after the injection; default 30s'),
  after: name.optional().describe('which fault; default the last one injected'),
});
export type Watched = z.infer<typeof watched>;

export const scenario = z.strictObject({
  scenario: name,
  title: z.string(),
  description: z.string().optional(),
  needs: z
    .strictObject({
      roles: z.array(name).optional(),
      probes: z.array(name).optional(),
      ledgers: z.array(name).optional(),
    })
    .optional(),
  faults: z.record(name, faultSpec),
  symptoms: z.array(watched).min(1).describe('what shows that the fault took effect; all must be seen'),
  detection: z
    .array(watched)
    .optional()
    .describe("the platform's own signals (alert, health, breaker); none = detection is not measured"),
});
export type Scenario = z.infer<typeof scenario>;
