import { z } from 'zod';

/** What a database is to be beside the platform's own choices: for drills that adjust it, wherever it runs. */
export const databaseSettings = {
  synchronous: z
    .boolean()
    .optional()
    .describe('acknowledge a commit only when a replica has it; default false'),
  settings: z
    .record(z.string().regex(/^\w+(\.\w+)?$/), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('of postgresql.conf: name → value'),
};
