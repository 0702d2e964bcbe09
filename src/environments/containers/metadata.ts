/**
 * What the X.509 library's injection of dependencies wants of `Reflect` before it loads: notes about a class. Only the three
 * functions that it calls, and only where no complete set of them is there already.
 */

type Notes = Map<unknown, unknown>;
type Reflection = Partial<
  Record<'getMetadata' | 'getOwnMetadata', (key: unknown, target: object) => unknown> & {
    defineMetadata: (key: unknown, value: unknown, target: object) => void;
  }
>;

const notes = new WeakMap<object, Notes>();

function getOwnMetadata(key: unknown, target: object): unknown {
  return notes.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at))
    if (notes.get(at)?.has(key)) return getOwnMetadata(key, at);
  return undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const own = notes.get(target) ?? new Map();
  notes.set(target, own.set(key, value));
}

const reflection = Reflect as Reflection;
if (reflection.getMetadata === undefined)
  Object.assign(reflection, { getMetadata, getOwnMetadata, defineMetadata });
