import { z } from 'zod';
import { dimensions } from '../checkers/checker.ts';
import { headlineFigures } from './figures.ts';
import { stepOutcomes } from './steps.ts';

/** Version of `result.json`. It grows by optional fields; a field that changes or goes makes it 2. */
export const resultVersion = 1;

const status = z.enum(['pass', 'inconclusive', 'fail']);
const dimension = z.enum(dimensions);
const ms = z.number().min(0);
const lines = z.strictObject({ from: z.int().positive(), to: z.int().positive() });

const finding = z.strictObject({
  dimension,
  status,
  rule: z.string().describe('which rule found it; stable'),
  message: z.string().describe('one sentence, with figures and units; untrusted text'),
  figures: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).optional(),
  evidenceMs: z.array(z.number()).optional().describe('times of the events that show it'),
  where: z.string().optional().describe('file:line'),
  todo: z.string().optional(),
  details: z.array(z.string()).optional(),
});

const attempt = z.strictObject({
  attempt: z.enum(['as-written', 'correction', 'performed']),
  command: z.string().nullable(),
  startMs: ms,
  durationMs: ms.nullable().describe('null: the run ended inside it'),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  timedOut: z.boolean(),
  standIns: z.array(z.string()),
  checks: z.array(z.strictObject({ ok: z.boolean(), check: z.string(), observed: z.string() })),
});

const step = z.strictObject({
  id: z.string().describe('stable while the text around the step moves'),
  procedure: z.string(),
  kind: z.enum(['command', 'query', 'manual']),
  text: z.string(),
  phase: z.int().nullable(),
  lines,
  outcome: z.enum(stepOutcomes),
  reason: z.string().nullable(),
  attempts: z.array(attempt).describe("output is in the journal, under the step's id"),
});

const objective = z.strictObject({
  name: z.string(),
  kind: z.enum(['time', 'loss', 'availability']),
  target: z.number().describe('time: ms; loss: ms of data; availability: share from 0 to 1'),
  status: status.nullable().describe('null: no checker judged it'),
  message: z.string().nullable(),
});

const load = z.strictObject({
  name: z.string(),
  kind: z.string(),
  ratePerSecond: z.number(),
  exitCode: z.int().nullable().describe('null: it never ran, or was killed'),
  endedEarly: z.boolean().describe('it had ended before it was stopped'),
  figures: z
    .strictObject({
      requests: z.int(),
      failedRatio: z.number().nullable(),
      p95Ms: ms.nullable().describe('of the requests that succeeded'),
      p99Ms: ms.nullable(),
      iterations: z.int(),
      droppedIterations: z.int().describe('due, and no user was free to do it'),
      thresholds: z.array(z.strictObject({ metric: z.string(), condition: z.string(), ok: z.boolean() })),
    })
    .nullable()
    .describe('null: it left no summary'),
});

export const resultSchema = z
  .strictObject({
    resultVersion: z.literal(resultVersion),
    run: z.strictObject({
      id: z.string(),
      startedAt: z.iso.datetime().describe('wall clock; a label, nothing is computed from it'),
      durationMs: ms,
      complete: z.boolean().describe('false: the run did not reach its end'),
      torn: z.boolean().describe("the journal's last line was cut off"),
    }),
    harness: z.strictObject({ version: z.string(), node: z.string(), os: z.string() }),
    drill: z.string(),
    variant: z.string().nullable(),
    environment: z.string(),
    title: z.string(),
    scenario: z.string(),
    platform: z.string(),
    runbook: z.strictObject({ file: z.string(), sha256: z.string(), title: z.string() }).nullable(),
    today: z.string().describe('the date that review dates were compared with'),
    asWritten: z.boolean().describe('corrections were not used'),
    interactive: z.boolean(),
    options: z.array(z.string()).optional().describe('other flags of the command line'),
    notes: z
      .array(z.string())
      .optional()
      .describe('what to know before figures are compared with those of another run'),
    verdict: z.strictObject({ overall: status, exitCode: z.int(), dimensions: z.record(dimension, status) }),
    figures: z.record(z.enum(headlineFigures), z.number().nullable()).describe('null: not measured'),
    objectives: z.array(objective),
    findings: z.array(finding),
    steps: z.array(step),
    probes: z.array(
      z.strictObject({
        name: z.string(),
        periodMs: ms,
        slots: z.int(),
        ok: z.int(),
        failed: z.int(),
        late: z.int().describe('answered after the deadline; a failure'),
        unsent: z.int().describe("never sent: the harness's fault"),
        aborted: z.int().describe('still open when the run stopped'),
      }),
    ),
    loads: z.array(load).optional().describe('what the load generators counted, the outage included'),
  })
  .describe('What a run of drillbook found. Times ending in Ms are milliseconds since the run began.');

export type Result = z.infer<typeof resultSchema>;

/** The JSON Schema of `result.json`, as published in `schema/result.schema.json`. */
export function resultJsonSchema(): unknown {
  return z.toJSONSchema(resultSchema);
}
