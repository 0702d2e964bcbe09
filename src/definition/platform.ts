import { z } from 'zod';
import { duration } from './duration.ts';

export const environmentNames = ['local', 'containers', 'kind', 'context'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** Names that stand in files, folders, host names and journals. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes');

/** Less than 16 MB is less than Node itself needs. */
export const memoryMegabytes = z.int().min(16).max(65_536);

const readyCheck = z.union([
  z.strictObject({
    http: z.string().describe('path that answers 2xx when ready'),
    within: duration.optional(),
  }),
  z.strictObject({
    tcp: z.literal(true).describe('the port accepts a connection'),
    within: duration.optional(),
  }),
  z.strictObject({
    command: z.string().describe('toolbox command that exits 0 when ready'),
    within: duration.optional(),
  }),
]);

const processComponent = z.strictObject({
  command: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe(
      `program and arguments; a string is split at spaces, no shell. \${node} is the Node that runs drillbook, \${other} or \${other.port} an address of another component, \${other.data} its folder for data, \${secret.NAME} a generated secret`,
    ),
  cwd: z.string().optional().describe('relative to the platform file'),
  env: z.record(z.string(), z.string()).optional(),
  host: name.optional().describe("the name runbooks use; default: the component's name"),
  port: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe(`documented port; \${port} and \${host} in command and env`),
  ready: readyCheck.optional(),
  after: z.array(name).optional().describe('components that must be ready first'),
  restart: z
    .enum(['never', 'on-failure'])
    .optional()
    .describe("what the platform's own supervisor does when it exits; default never"),
  replicas: z
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe('default 1; 0 = not started with the platform: a job that the fault "start" starts'),
  memory: memoryMegabytes
    .optional()
    .describe(
      'limit of its memory in MB: on local the V8 heap of a Node program (--max-old-space-size in NODE_OPTIONS); its end is exit code 134',
    ),
});

const postgresqlComponent = z.strictObject({
  postgresql: z.strictObject({
    members: z
      .array(name)
      .min(1)
      .max(8)
      .describe('host names; the first starts as primary, the others stream from it'),
    database: name.optional(),
    user: name.optional(),
    port: z.int().min(1).max(65535).optional(),
    synchronous: z
      .boolean()
      .optional()
      .describe('acknowledge a commit only when a replica has it; default false'),
    archive: z
      .boolean()
      .optional()
      .describe('keep every WAL segment for point-in-time recovery; default true'),
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  aliases: z.record(name, name).optional().describe('further host names → member'),
});

export const component = z.union([postgresqlComponent, processComponent]);

const tool = z.union([
  z.literal('system').describe("the machine's own program of that name"),
  z.strictObject({
    program: z
      .string()
      .optional()
      .describe(
        "name of the real client, used where it is installed and runs as the toolbox's user; default: the tool's name",
      ),
    'stand-in': z
      .string()
      .optional()
      .describe(
        "file or folder (its `main.ts` runs, or the `.ts` of the tool's name), relative to the platform file, that runs where the client is missing; its steps count as not proved",
      ),
    replacement: z
      .string()
      .optional()
      .describe(
        "file or folder (its `main.ts` runs, or the `.ts` of the tool's name), relative to the platform file: always runs in the program's place, and is a stand-in",
      ),
    own: z
      .string()
      .optional()
      .describe(
        "file or folder (its `main.ts` runs, or the `.ts` of the tool's name), relative to the platform file: the platform's own program, which is the real one",
      ),
    arguments: z
      .array(z.string())
      .optional()
      .describe(`added at the end of every call of the real client, e.g. --endpoint-url; \${…} filled`),
    env: z
      .record(z.string(), z.string())
      .optional()
      .describe(`variables of every command, \${…} filled; \${toolbox.home} is the home of the toolbox`),
    files: z
      .record(z.string(), z.string())
      .optional()
      .describe(`configuration files in the toolbox's home: path → text, \${…} filled`),
    copies: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "what else the tool needs, copied into the toolbox's home: path there → file or folder, relative to the platform file",
      ),
  }),
]);

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
  dns: dns.optional(),
  headers: z
    .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'a header name'), z.string())
    .optional()
    .describe(`request headers; \${secret.NAME} and the like are filled as in a component's env`),
};

export const probe = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http'),
    role: name,
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
  z.strictObject({
    kind: z.literal('exec'),
    command: z
      .string()
      .describe('toolbox command; exit 0 = ok; a number as its last output line is the observed value'),
    ...probeCommon,
  }),
]);
export type ProbeSpec = z.infer<typeof probe>;

export const ledger = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('postgres'),
    role: name,
    rate: z
      .number()
      .positive()
      .max(10_000)
      .optional()
      .describe('writes per second over all writers; default 50'),
    writers: z.int().min(1).max(64).optional(),
    deadline: duration.optional(),
  }),
  z.strictObject({
    kind: z.literal('http'),
    role: name,
    write: z.string().describe('"METHOD /path" with {id} in path or body'),
    body: z.string().optional(),
    list: z
      .string()
      .describe('"GET /path" that answers the stored ids, one a line or a JSON array of strings'),
    ...httpCommon,
    rate: z.number().positive().max(10_000).optional(),
    writers: z.int().min(1).max(64).optional(),
    deadline: duration.optional(),
  }),
]);
export type LedgerSpec = z.infer<typeof ledger>;

export const platform = z.strictObject({
  platform: name,
  title: z.string().optional(),
  environment: z.enum(environmentNames),
  components: z.record(name, component),
  roles: z
    .record(name, z.string())
    .optional()
    .describe('role → component, instance, or "component.primary" / "component.replica"'),
  probes: z.record(name, probe).optional(),
  ledgers: z.record(name, ledger).optional(),
  tools: z
    .record(z.string(), tool)
    .optional()
    .describe('programs of the toolbox beside bash, coreutils, grep, sed, awk'),
  'allow-targets': z
    .array(z.string())
    .optional()
    .describe('exact names of existing contexts that faults may touch'),
});

/** A platform as data, defaults not filled in: durations in milliseconds. */
export type PlatformFile = z.infer<typeof platform>;
export type ComponentSpec = z.infer<typeof component>;
export type ToolSpec = z.infer<typeof tool>;
/** A validated platform and the folder its relative paths start from. */
export interface Platform extends PlatformFile {
  readonly baseDir: string;
}
