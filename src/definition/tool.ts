import { z } from 'zod';

/** A program of the toolbox, and what it needs there. */
export const tool = z.union([
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
    'not-here': z
      .string()
      .min(1)
      .optional()
      .describe(
        'why it cannot be had in this environment: commands that need it are "not run here" for this reason',
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
export type ToolSpec = z.infer<typeof tool>;
