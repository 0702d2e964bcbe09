import { z } from 'zod';
import { component } from './component.ts';
import { composeProject } from './compose-project.ts';
import { certificate, toolboxContainer } from './container-component.ts';
import { load } from './load-spec.ts';
import { name } from './name.ts';
import { ledger, probe } from './observing.ts';
import { tool } from './tool.ts';

export const environmentNames = ['local', 'containers', 'kind', 'context'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

export const platform = z.strictObject({
  platform: name,
  extends: z
    .string()
    .optional()
    .describe(
      'name of another platform file in the same folder; this file is a merge patch on it (null takes something out)',
    ),
  title: z.string().optional(),
  environment: z.enum(environmentNames),
  compose: composeProject
    .optional()
    .describe('a docker compose file whose services run too; components say which of them they are'),
  components: z.record(name, component),
  roles: z
    .record(name, z.string())
    .optional()
    .describe('role → component, instance, or "component.primary" / "component.replica"'),
  probes: z.record(name, probe).optional(),
  ledgers: z.record(name, ledger).optional(),
  loads: z
    .record(name, load)
    .optional()
    .describe('traffic of users; a drill has only those running that it names'),
  tools: z
    .record(z.string(), tool)
    .optional()
    .describe('programs of the toolbox beside bash, coreutils, grep, sed, awk'),
  toolbox: toolboxContainer.optional().describe('on containers: where the commands of runbooks run'),
  certificates: z
    .record(name, certificate)
    .optional()
    .describe(
      'made for the run: `${certificate.NAME}` is the certificate and its key, `${certificate.ca}` that of the authority',
    ),
  'allow-targets': z
    .array(z.string())
    .optional()
    .describe('exact names of existing contexts that faults may touch'),
});

/** A file that extends another: any part of the keys, `null` for what it takes out. Only both together are a platform. */
export const extendingPlatform = z.strictObject({
  ...Object.fromEntries(Object.keys(platform.shape).map((key) => [key, z.unknown().optional()])),
  platform: platform.shape.platform,
  extends: platform.shape.extends.unwrap(),
});

/** A platform as data, defaults not filled in: durations in milliseconds. */
export type PlatformFile = z.infer<typeof platform>;
/** A validated platform and the folder its relative paths start from. */
export interface Platform extends PlatformFile {
  readonly baseDir: string;
}
