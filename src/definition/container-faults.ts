import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { name } from './name.ts';

const target = name.describe('role, component or instance that is a container');
const pathInside = z.string().startsWith('/').describe('in the container');

/** Seconds of `-1h`, `+90s`; null when the text is no duration with a sign, or none at all (`+0s`). */
export function parseOffset(text: string): number | null {
  const ms = /^[+-]/.test(text) ? parseDuration(text.slice(1)) : null;
  return ms === null || ms < 1000 ? null : Math.round(ms / 1000) * (text.startsWith('-') ? -1 : 1);
}

/** Faults that only an environment of containers can set off: each needs `Running.containers`. */
export const containerFaults = [
  z.strictObject({ fault: z.literal('disconnect'), target }),
  z.strictObject({
    fault: z.literal('partition'),
    target,
    from: z
      .array(name)
      .min(1)
      .describe('roles, components or instances it no longer hears of, or no longer reaches'),
    direction: z
      .enum(['both', 'in', 'out'])
      .optional()
      .describe('of the packets that are dropped, as the target sees them; default both'),
  }),
  z.strictObject({
    fault: z.literal('fill-disk'),
    target,
    path: pathInside.describe('folder in the container, on a small file system of its own, such as a tmpfs'),
    leave: z.int().min(0).max(1024).optional().describe('MB that stay free; default 0'),
  }),
  z.strictObject({
    fault: z.literal('limit'),
    target,
    memory: z.int().min(16).max(65_536).optional().describe('MB'),
    cpus: z.number().min(0.01).max(64).optional().describe('processors, e.g. 0.1'),
  }),
  z.strictObject({
    fault: z.literal('clock'),
    target: target.describe(
      'role, component or instance whose programs preload libfaketime, with the env FAKETIME_FILE',
    ),
    offset: z
      .string()
      .meta({ title: 'a duration with a sign such as "-1h" or "+90s"' })
      .refine((text) => parseOffset(text) !== null, 'a duration with a sign such as "-1h" or "+90s"'),
  }),
  z.strictObject({
    fault: z.literal('replace-file'),
    target,
    path: pathInside.describe('file in the container; its mode and owner stay'),
    text: z
      .string()
      .describe(
        'what it has until the fault is healed; `${secret.NAME}`, `${certificate.NAME}` … are filled',
      ),
    apply: z
      .string()
      .min(1)
      .optional()
      .describe(
        'shell command inside the container that makes the change count, e.g. a reload; also when it is healed',
      ),
  }),
] as const;
