import type { LoadSpec } from '../definition/load-spec.ts';
import { createK6Load } from './k6.ts';
import type { Load } from './load.ts';

/** Every kind of load: one file and one line each. */
const kinds: { readonly [K in LoadSpec['kind']]: () => Load } = {
  k6: createK6Load,
};

/** A load that has not started. */
export function createLoad({ kind }: LoadSpec): Load {
  return kinds[kind]();
}
