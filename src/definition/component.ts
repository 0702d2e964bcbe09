import { z } from 'zod';
import { containerComponent } from './container-component.ts';
import { databaseSettings } from './database-settings.ts';
import { kubernetesComponent, workloadComponent } from './kubernetes-component.ts';
import { name } from './name.ts';
import { memoryMegabytes, readyCheck } from './ready-check.ts';

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
    ...databaseSettings,
    archive: z
      .boolean()
      .optional()
      .describe('keep every WAL segment for point-in-time recovery; default true'),
  }),
  aliases: z.record(name, name).optional().describe('further host names → member'),
});

export const component = z.union([
  postgresqlComponent,
  containerComponent,
  kubernetesComponent,
  workloadComponent,
  processComponent,
]);
export type ComponentSpec = z.infer<typeof component>;
export type ProcessSpec = z.infer<typeof processComponent>;
