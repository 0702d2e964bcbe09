import { z } from 'zod';
import { name } from './name.ts';
import { memoryMegabytes, readyCheck } from './ready-check.ts';

const port = z.int().min(1).max(65535);
const filled = 'in which `${member}`, `${secret.NAME}`, `${certificate.NAME}` and the like are filled';

/** What clients speak to a component, where drillbook has to speak it too: to find the primary, to log in. */
const speaks = z.union([
  z.strictObject({
    postgresql: z.strictObject({
      database: name,
      user: name,
      password: z.string(),
      'admin-user': name,
      'admin-password': z.string(),
    }),
  }),
  z.strictObject({ redis: z.strictObject({ password: z.string().optional() }) }),
]);

/** A component that runs as containers: one, or one a member. */
export const containerComponent = z.strictObject({
  container: z.union([
    z.strictObject({ image: z.string().min(1).describe('pulled where the engine does not have it') }),
    z.strictObject({
      build: z
        .string()
        .min(1)
        .describe(
          'folder with a Dockerfile, relative to the platform file; built once, found again by its content',
        ),
    }),
    z.strictObject({
      service: z.string().min(1).describe('a service of the compose file that "compose" names'),
    }),
  ]),
  members: z
    .array(name)
    .min(1)
    .max(8)
    .optional()
    .describe('host names, a container each; default one, which has the name in "host" or the component\'s'),
  host: name.optional().describe("the name runbooks use; default: the component's name"),
  names: z.array(z.string()).optional().describe('further host names, of all members'),
  aliases: z.record(name, name).optional().describe('further host names → member'),
  command: z.array(z.string()).min(1).optional().describe("program and arguments; default: the image's"),
  user: z.string().optional().describe("default: the image's"),
  env: z.record(z.string(), z.string()).optional(),
  files: z
    .record(z.string().startsWith('/'), z.string())
    .optional()
    .describe(`put into the container before it starts: path → text, ${filled}`),
  mounts: z
    .record(z.string().startsWith('/'), z.string())
    .optional()
    .describe('read-only: path in the container → file or folder, relative to the platform file'),
  tmpfs: z
    .record(z.string().startsWith('/'), z.int().min(1).max(65_536))
    .optional()
    .describe('path → size in MB; it is empty again whenever the container starts'),
  port: port.optional().describe('documented port: what its role means'),
  ports: z.array(port).optional().describe('further ports that probes and faults speak to'),
  ready: readyCheck.optional().describe('a command runs inside the container'),
  after: z.array(name).optional().describe('components that must be ready first'),
  restart: z
    .enum(['never', 'on-failure'])
    .optional()
    .describe('what the engine does when its main process ends; default never'),
  replicas: z
    .int()
    .min(0)
    .max(1)
    .optional()
    .describe('default 1; 0 = not started with the platform: a job that the fault "start" starts'),
  memory: memoryMegabytes.optional().describe('limit of its memory in MB'),
  cpus: z.number().positive().max(64).optional().describe('limit of its processors, e.g. 0.5'),
  capabilities: z
    .array(z.string())
    .optional()
    .describe('Linux capabilities beside the usual ones, e.g. NET_ADMIN'),
  speaks: speaks
    .optional()
    .describe('what clients speak to it; a role can then mean "component.primary" or "component.replica"'),
});
export type ContainerSpec = z.infer<typeof containerComponent>;
export type Speaks = z.infer<typeof speaks>;

/** X.509 certificates that a run makes for itself, signed by a CA of its own, which the toolbox trusts. */
export const certificate = z.strictObject({
  names: z.array(z.string()).min(1).describe('host names it is for'),
  days: z
    .int()
    .optional()
    .describe('until it expires; default 30; a negative number: it expired so many days ago'),
});
export type CertificateSpec = z.infer<typeof certificate>;
