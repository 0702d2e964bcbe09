import { z } from 'zod';
import { databaseSettings } from './database-settings.ts';
import { name } from './name.ts';
import { memoryMegabytes, readyCheck } from './ready-check.ts';

/** Their addresses at the host are kept free for the whole run. */
export const mostReplicas = 8;

export const port = z.int().min(1).max(65535);
const filled = 'in which `${member}`, `${secret.NAME}`, `${certificate.NAME}` and the like are filled';

/** What clients speak to a component, where drillbook has to speak it too: to find the primary, to log in. */
export const speaks = z.union([
  z.strictObject({
    postgresql: z.strictObject({
      database: name,
      user: name,
      password: z.string(),
      'admin-user': name,
      'admin-password': z.string(),
      ...databaseSettings,
    }),
  }),
  z.strictObject({ redis: z.strictObject({ password: z.string().optional() }) }),
]);

export const imageSource = z.union([
  z.strictObject({ image: z.string().min(1).describe('pulled where the engine does not have it') }),
  z.strictObject({
    build: z
      .string()
      .min(1)
      .describe(
        'folder with a Dockerfile, relative to the platform file; built once, found again by its content',
      ),
    include: z
      .record(z.string().regex(/^[^/.][^\0]*$/, 'a path inside the build context'), z.string().min(1))
      .optional()
      .describe(
        'path in the build context → further file or folder, relative to the platform file: what the Dockerfile copies, or the Dockerfile itself where several images share one',
      ),
  }),
]);

const composeService = z.strictObject({
  service: z.string().min(1).describe('a service of the compose file that "compose" names'),
});

const path = z.string().startsWith('/');
const files = z
  .record(z.string().startsWith('/'), z.string())
  .describe(`put into the container before it starts: path → text, ${filled}`);
const mounts = z
  .record(z.string().startsWith('/'), z.string())
  .describe('read-only: path in the container → file or folder, relative to the platform file');

/** How clients call a component that has an address in the platform's network. */
export const names = {
  host: name.optional().describe("the name runbooks use; default: the component's name"),
  names: z.array(z.string()).optional().describe('further host names, of all members'),
  aliases: z.record(name, name).optional().describe('further host names → member'),
};

/** Who runs commands of a runbook on a component's machine. */
export const operator = z
  .strictObject({
    user: z.string().optional().describe("default: the image's"),
    env: z.record(z.string(), z.string()).optional(),
  })
  .describe('who runs the commands of a runbook that are for this machine ("on" in a drill)');

/** A component that runs as containers: one, or one a member. */
export const containerComponent = z.strictObject({
  container: z.union([imageSource, composeService]),
  members: z
    .array(name)
    .min(1)
    .max(8)
    .optional()
    .describe('host names, a container each; default one, which has the name in "host" or the component\'s'),
  ...names,
  command: z
    .union([z.string().min(1), z.array(z.string()).min(1)])
    .optional()
    .describe("program and arguments; a string is split at spaces, no shell; default: the image's"),
  cwd: path.optional().describe("where the command is run; default: the image's working folder"),
  user: z.string().optional().describe("default: the image's"),
  env: z.record(z.string(), z.string()).optional(),
  files: files.optional(),
  mounts: mounts.optional(),
  volumes: z
    .record(path, name)
    .optional()
    .describe(
      'path → volume of the run, which all components that name it share and which keeps what it has when they end; the first image that has it mounted fills it',
    ),
  tmpfs: z
    .record(z.string().startsWith('/'), z.int().min(1).max(65_536))
    .optional()
    .describe('path → size in MB; it is empty again whenever the container starts'),
  port: port.optional().describe('documented port: what its role means'),
  ports: z.array(port).optional().describe('further ports that probes and faults speak to'),
  udp: z.array(port).optional().describe("further ports that are spoken to over UDP, too: a DNS server's"),
  ready: readyCheck.optional().describe('a command runs inside the container'),
  after: z.array(name).optional().describe('components that must be ready first'),
  restart: z
    .enum(['never', 'on-failure'])
    .optional()
    .describe('what the engine does when its main process ends; default never'),
  replicas: z
    .int()
    .min(0)
    .max(mostReplicas)
    .optional()
    .describe(
      'how many containers of it there are at first, NAME, NAME-2, NAME-3, …, which the platform\'s tools can change; without it there is one, always; 0 = not started with the platform: a job that the fault "start" starts',
    ),
  memory: memoryMegabytes.optional().describe('limit of its memory in MB, see "memory-of"'),
  'memory-of': z
    .enum(['container', 'heap'])
    .optional()
    .describe(
      'what the limit is of: the container (default; the kernel kills what needs more, exit code 137), or the V8 heap of its Node program as on local (--max-old-space-size in NODE_OPTIONS; it says so in its log and aborts), for which the container gets 128 MB more',
    ),
  cpus: z.number().positive().max(64).optional().describe('limit of its processors, e.g. 0.5'),
  capabilities: z
    .array(z.string())
    .optional()
    .describe('Linux capabilities beside the usual ones, e.g. NET_ADMIN'),
  operator: operator.optional(),
  isolated: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'program and arguments that serve what an ended container holds, apart from its cluster: how lost writes are read as evidence',
    ),
  returned: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'program and arguments that serve what an ended container holds at its own address, beside its cluster, refusing every write: how the stage "return" brings a former primary back',
    ),
  speaks: speaks
    .optional()
    .describe('what clients speak to it; a role can then mean "component.primary" or "component.replica"'),
});
export type ContainerSpec = z.infer<typeof containerComponent>;
export type Speaks = z.infer<typeof speaks>;

/** The container in which commands of runbooks run; it is in the platform's network alone. */
export const toolboxContainer = z.strictObject({
  container: imageSource,
  user: z.string().optional().describe("default: the image's"),
  home: path.optional().describe('home of that user, for what tools put there; default /root'),
  cwd: path.optional().describe("working folder of commands; default: the image's"),
  mounts: mounts.optional(),
  files: files.optional(),
  ready: z.string().optional().describe('command in it that exits 0 when it can be used'),
  dns: name
    .optional()
    .describe(
      "component whose DNS server, on port 53, commands ask for names that are none of the platform's own hosts; default: nobody",
    ),
});
export type ToolboxContainer = z.infer<typeof toolboxContainer>;

/** X.509 certificates that a run makes for itself, signed by a CA of its own, which the toolbox trusts. */
export const certificate = z.strictObject({
  names: z.array(z.string()).min(1).describe('host names it is for'),
  days: z
    .int()
    .optional()
    .describe('until it expires; default 30; a negative number: it expired so many days ago'),
});
export type CertificateSpec = z.infer<typeof certificate>;
