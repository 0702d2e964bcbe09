import { z } from 'zod';

/** A platform that somebody else described already: its services run as that file says. */
export const composeProject = z.strictObject({
  file: z.string().min(1).describe('relative to the platform file'),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'letters, digits and underscores'), z.string())
    .optional()
    .describe(
      'variables that the file asks for, beside those in the ".env" next to it; it gets no others of your shell',
    ),
});
export type ComposeProject = z.infer<typeof composeProject>;
