import { z } from 'zod';
import { duration } from './duration.ts';

/** Less than 16 MB is less than Node itself needs. */
export const memoryMegabytes = z.int().min(16).max(65_536);

export const readyCheck = z.union([
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
export type ReadyCheck = z.infer<typeof readyCheck>;
