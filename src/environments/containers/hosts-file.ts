import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isReplicated } from '../../definition/platform-names.ts';
import { type ComponentLayout, type InstanceLayout, type Layout, toolboxAddress } from './layout.ts';
import { type ContainersRun, inspect, wantedInstances } from './run.ts';

/**
 * Every host name with its fixed address, for a container's hosts file. The engine's own DNS forgets a container that has
 * ended, and in a network that leads nowhere takes 10 to 20 s to say so: clients would wait for it where real ones are refused.
 */
export function hostEntries({ components }: Pick<Layout, 'components'>): string[] {
  // Nodes of clusters may come back with another address: their names are left to DNS.
  const own = components.filter(({ elsewhere }) => elsewhere !== true);
  const entries = own.flatMap(({ instances }) =>
    instances.flatMap(({ names, networkAddress }) => names.map((name) => [name, networkAddress] as const)),
  );
  // A name that several have is left to DNS, which takes turns.
  return entries
    .filter(([name]) => entries.filter(([other]) => other === name).length === 1)
    .map(([name, address]) => `${name}:${address}`);
}

/**
 * The hosts file of all containers of a platform with replicas. As the engine's own DNS is not asked: it leaves a name that nobody
 * has unanswered, for seconds, and a program that looks names up in a few threads waits for all of its other names, too.
 */
export function hostsFile({ runDir }: Pick<Layout, 'runDir'>): string {
  return join(runDir, 'hosts');
}

/** What mounts it into a container; nothing on a platform where all names are fixed. */
export function hostsBinds(layout: Layout): string[] {
  return hasReplicas(layout) ? [`${hostsFile(layout)}:/etc/hosts:ro`] : [];
}

function hasReplicas({ components }: Pick<Layout, 'components'>): boolean {
  return components.some(({ spec }) => isReplicated(spec));
}

/** Before there is any container that has it. */
export async function createHostsFile({ layout }: Pick<ContainersRun, 'layout'>): Promise<void> {
  if (hasReplicas(layout)) await writeFile(hostsFile(layout), padded(layout, new Map()), { mode: 0o644 });
}

/** Which replicas run has changed. In its place: a container that has a file mounted sees no other file of that name. */
export async function updateHostsFile(run: ContainersRun): Promise<void> {
  const { layout } = run;
  if (!hasReplicas(layout)) return;
  const text = padded(layout, await runningReplicas(run));
  const file = await open(hostsFile(layout), 'r+');
  // One write of the same length each time: a reader never finds it empty.
  await file.write(text, 0).finally(() => file.close());
}

type Running = ReadonlyMap<string, readonly InstanceLayout[]>;

async function runningReplicas(run: ContainersRun): Promise<Running> {
  const replicated = run.layout.components.filter(({ spec }) => isReplicated(spec));
  const entries = replicated.map(async (component) => {
    const wanted = await wantedInstances(run, component);
    const states = await Promise.all(wanted.map((instance) => inspect(run, instance)));
    return [component.component, wanted.filter((_, i) => states[i]?.State.Running === true)] as const;
  });
  return new Map(await Promise.all(entries));
}

function padded(layout: Layout, running: Running): string {
  const all = new Map(layout.components.map(({ component, instances }) => [component, instances]));
  const longest = hostsText(layout, all).length;
  return hostsText(layout, running).padEnd(longest, '\n');
}

/** Who asks for replicas none of which runs comes to the toolbox, where nobody listens: he is refused at once, as by a service without endpoints. */
export function hostsText(layout: Layout, running: Running): string {
  const { components } = layout;
  const nobody = toolboxAddress(layout);
  const fixed = hostEntries(layout).map((entry) => {
    const at = entry.lastIndexOf(':');
    return [entry.slice(at + 1), entry.slice(0, at)] as const;
  });
  const own = components.flatMap(({ instances }) =>
    instances.map(({ instance, networkAddress }) => [networkAddress, `${instance}.internal`] as const),
  );
  const shared = components
    .filter(({ spec }) => isReplicated(spec))
    .flatMap((component) => {
      const addresses = (running.get(component.component) ?? []).map(({ networkAddress }) => networkAddress);
      return sharedNames(component).flatMap((name) =>
        (addresses.length === 0 ? [nobody] : addresses).map((address) => [address, name] as const),
      );
    });
  const lines = [
    ['127.0.0.1', 'localhost'],
    ['::1', 'localhost ip6-localhost ip6-loopback'],
    [nobody, 'toolbox'],
    ...fixed,
    ...own,
    ...shared,
  ];
  return lines.map(([address, names]) => `${address}\t${names}\n`).join('');
}

function sharedNames({ instances }: ComponentLayout): readonly string[] {
  const second = instances[1];
  return second === undefined ? [] : second.names.filter((name) => name !== second.instance);
}
