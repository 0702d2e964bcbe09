import { z } from 'zod';
import { name } from './name.ts';

/** The port of toxiproxy's own API, as documented. */
export const toxiproxyPort = 8474;

const common = {
  fault: z.literal('toxic'),
  target: name.describe(`component that is a toxiproxy: its API is at port ${toxiproxyPort}`),
  proxy: z.string().min(1).describe('of that toxiproxy, by name'),
  stream: z
    .enum(['downstream', 'upstream'])
    .optional()
    .describe('downstream: what the server sends to the client; default downstream'),
  toxicity: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('share of the connections that it touches; default 1'),
};
const amount = z.int().min(0);

/** What toxiproxy can do to a connection; each type has attributes of its own. */
export const toxicFault = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('latency'),
    attributes: z.strictObject({
      latency: amount.describe('ms'),
      jitter: amount.optional().describe('ms'),
    }),
  }),
  z.strictObject({
    ...common,
    type: z.literal('bandwidth'),
    attributes: z.strictObject({ rate: amount.describe('KB/s; 0 = nothing passes until it is healed') }),
  }),
  z.strictObject({
    ...common,
    type: z.literal('slow_close'),
    attributes: z.strictObject({ delay: amount.describe('ms') }),
  }),
  z.strictObject({
    ...common,
    type: z.literal('timeout'),
    attributes: z.strictObject({
      timeout: amount.describe(
        'ms until the connection is closed; 0 = not before it is healed, which closes it',
      ),
    }),
  }),
  z.strictObject({
    ...common,
    type: z.literal('reset_peer'),
    attributes: z.strictObject({ timeout: amount.describe('ms until the connection is reset') }),
  }),
  z.strictObject({
    ...common,
    type: z.literal('slicer'),
    attributes: z.strictObject({
      average_size: z.int().min(1).describe('bytes of a slice'),
      size_variation: amount.optional().describe('bytes; less than average_size'),
      delay: amount.optional().describe('microseconds between two slices'),
    }),
  }),
  z.strictObject({
    ...common,
    type: z.literal('limit_data'),
    attributes: z.strictObject({ bytes: amount.describe('that pass before the connection is closed') }),
  }),
]);
