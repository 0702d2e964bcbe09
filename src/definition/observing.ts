import { z } from 'zod';
import { duration } from './duration.ts';
import { name } from './name.ts';

const probeCommon = {
  every: duration.optional().describe('period of the slots; default 100ms'),
  deadline: duration.optional().describe('counted from when the slot was due; default 1s'),
};

const dns = z
  .strictObject({
    server: name.describe('role of the DNS server; its address is asked'),
    port: z.int().min(1).max(65535).describe('of the DNS server, UDP and TCP'),
    name: z
      .string()
      .regex(/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/i, 'a host name')
      .describe('host name that is looked up; "role" is any instance behind it and gives the port'),
  })
  .describe(
    'connect to where this name points: looked up at every slot when connections are fresh, once in its TTL when they are pooled (a ledger: by each writer)',
  );
export type DnsSpec = z.infer<typeof dns>;

/** HTTP requests of probes and ledgers. */
const httpCommon = {
  tls: z
    .literal(true)
    .optional()
    .describe("https: the certificate must be for the server's name and signed by the run's own CA"),
  dns: dns.optional(),
  headers: z
    .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'a header name'), z.string())
    .optional()
    .describe(`request headers; \${secret.NAME} and the like are filled as in a component's env`),
};

/** How a ledger's writes come. */
const writing = {
  rate: z
    .number()
    .positive()
    .max(10_000)
    .optional()
    .describe('writes per second over all writers; default 50'),
  writers: z.int().min(1).max(64).optional(),
  deadline: duration.optional(),
};

export const probe = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http'),
    role: name,
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe(
        'another of the ports that the component publishes ("ports"), as documented; default its own',
      ),
    path: z.string().startsWith('/'),
    method: z.enum(['GET', 'POST', 'PUT', 'HEAD']).optional(),
    body: z.string().optional(),
    status: z.int().optional().describe('expected; default any 2xx'),
    contains: z.string().optional(),
    connection: z.enum(['fresh', 'pooled']).optional().describe('default fresh: a new connection every slot'),
    ...httpCommon,
    ...probeCommon,
  }),
  z.strictObject({
    kind: z.literal('postgres'),
    role: name,
    query: z
      .string()
      .optional()
      .describe("default: write a row and read it back. A query's first column is the observed value"),
    connection: z.enum(['fresh', 'pooled']).optional(),
    ...probeCommon,
  }),
  z
    .strictObject({
      kind: z.literal('redis'),
      role: name,
      command: z
        .array(z.string())
        .min(1)
        .optional()
        .describe(
          'a command and its arguments, such as ["LLEN", "jobs"]; its reply is the observed value. Default: set a key and read it back (with "field": INFO)',
        ),
      field: z
        .string()
        .optional()
        .describe('the field of an INFO reply that is observed, such as "connected_slaves" or "slave0.lag"'),
      minus: z
        .string()
        .optional()
        .describe(
          'another field, whose number is taken off "field": "slave0.offset" off "master_repl_offset"',
        ),
      connection: z
        .enum(['fresh', 'pooled'])
        .optional()
        .describe('default fresh: a new connection every slot'),
      ...probeCommon,
    })
    .refine(({ field, minus }) => minus === undefined || field !== undefined, {
      path: ['minus'],
      error: '"field" beside it, which this is taken off',
    }),
  z.strictObject({
    kind: z.literal('kubernetes'),
    workload: name
      .optional()
      .describe('role, component or instance that is a workload: its rollout and its pods are observed'),
    cluster: name
      .optional()
      .describe('without "workload": the cluster whose nodes or pods are observed; default the first'),
    of: z
      .enum(['ready', 'unavailable', 'restarts', 'waiting', 'nodes-ready', 'pods-pending'])
      .describe(
        'what the value counts. Of a workload: its ready pods, those that are wanted and not available, restarts of their containers, containers that wait; of a cluster: nodes that are ready, pods that have no node or have not started',
      ),
    waiting: z
      .string()
      .regex(/^[A-Za-z]+$/, 'a reason such as ImagePullBackOff')
      .optional()
      .describe(
        'with "of: waiting": only containers that wait for this reason; default any but being started',
      ),
    ...probeCommon,
  }),
  z.strictObject({
    kind: z.literal('exec'),
    command: z
      .string()
      .describe('toolbox command; exit 0 = ok; a number as its last output line is the observed value'),
    ...probeCommon,
  }),
]);
export type ProbeSpec = z.infer<typeof probe>;

/** An API that takes ids and lists them. */
const idsByHttp = {
  role: name,
  write: z.string().describe('"METHOD /path" with {id} in path or body'),
  body: z.string().optional(),
  list: z.string().describe('"GET /path" that answers the stored ids, one a line or a JSON array of strings'),
  ...httpCommon,
  ...writing,
};

export const ledger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('postgres'), role: name, ...writing }),
  z.strictObject({ kind: z.literal('http'), ...idsByHttp }),
  z.strictObject({
    kind: z.literal('redis'),
    role: name,
    wait: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe(
        'replicas that must have a write before it counts as acknowledged (WAIT); default 0: the primary alone',
      ),
    'wait-timeout': duration.optional().describe('how long Redis waits for them; default the deadline'),
    ...writing,
  }),
  z.strictObject({
    kind: z.literal('queue'),
    ...idsByHttp,
    list: z
      .string()
      .describe(
        '"GET /path" that answers the ids of the jobs that were done, one a line or a JSON array of strings; a job that was done twice stands there twice',
      ),
    pending: z
      .string()
      .describe(
        '"GET /path" that answers how many jobs are not done yet, those under way included: 3 or {"pending": 3}',
      ),
    delivery: z
      .enum(['exactly-once', 'at-least-once'])
      .describe('what the queue promises: whether a job that was done twice is a fault'),
    'drain-within': duration
      .optional()
      .describe('before the ledger is read, every job must be done within this; default 30s'),
  }),
]);
export type LedgerSpec = z.infer<typeof ledger>;
