import { z } from 'zod';
import { name } from './name.ts';
import type { EnvironmentName } from './platform.ts';

/** Traffic of users that a platform file describes; a drill has it running when it names it. */
export const load = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('k6'),
    script: z
      .string()
      .regex(/\.(ts|js)$/, 'a file that ends in .ts or .js')
      .describe(
        'k6 script, relative to the platform file; its folder is there for its imports. It must go on until it is stopped: give its scenarios a duration that no drill reaches',
      ),
    rate: z
      .number()
      .positive()
      .max(10_000)
      .describe('iterations per second; the script reads it from __ENV.RATE'),
    'max-users': z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe(
        'virtual users at most; the script reads it from __ENV.MAX_USERS. Default: 5 for each iteration a second, at least 10',
      ),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable name'), z.string())
      .optional()
      .describe(`for the script's __ENV; \${secret.NAME} and the like are filled as in a component's env`),
    files: z
      .record(z.string().startsWith('/'), z.string())
      .optional()
      .describe('path in its container → text, filled likewise, written before it starts'),
    image: z.string().optional().describe('default grafana/k6:1.8.1'),
  }),
]);
export type LoadSpec = z.infer<typeof load>;

/** One load of a drill: by its name alone, or with what its thresholds mean. */
export const chosenLoad = z.union([
  name,
  z.strictObject({
    load: name,
    thresholds: z
      .enum(['reported', 'must-hold'])
      .describe(
        'whether a crossed threshold fails the drill; default reported: an outage makes failures by design',
      ),
  }),
]);
export type ChosenLoad = z.infer<typeof chosenLoad>;

/** A load with everything filled in that a run needs to know. */
export type PlannedLoad = LoadSpec & {
  readonly thresholds: 'reported' | 'must-hold';
  readonly 'max-users': number;
};

/** Environments that can run a container beside the platform, which every load is. */
export const environmentsWithLoads: readonly EnvironmentName[] = ['containers'];

export function nameOfLoad(chosen: ChosenLoad): string {
  return typeof chosen === 'string' ? chosen : chosen.load;
}
