import type { Running } from '../environments/environment.ts';

/** Every instance that roles, components or instances mean at this moment: all members of a component. */
export async function instancesOf(running: Running, names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => instancesOfOne(running, name)));
  return [...new Set(found.flat())];
}

/**
 * Members of a database that are down at this moment count as well: they may come back into it. A cluster of Kubernetes is no
 * instance itself, its nodes are.
 */
async function instancesOfOne(running: Running, name: string): Promise<readonly string[]> {
  const { component, instance, database, redis } = await running.address(name);
  const alive = await running.signal({ target: name, scope: 'component' }, null);
  const members = name === component ? [...(database?.members ?? []), ...(redis?.members ?? [])] : [];
  const own = running.kubernetes?.clusters.includes(component) && name === component ? [] : [instance];
  return [...own, ...alive.map((process) => process.instance), ...members.map((each) => each.instance)];
}
