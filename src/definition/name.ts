import { z } from 'zod';

/** Names that stand in files, folders, host names and journals. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes');
