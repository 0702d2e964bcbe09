import { resolve } from 'node:path';
import type Dockerode from 'dockerode';
import type { ContainerSpec } from '../../definition/container-component.ts';
import { archive } from './archive.ts';
import { hostEntries, hostsBinds } from './hosts-file.ts';
import {
  componentLabel,
  type InstanceLayout,
  instanceLabel,
  type Layout,
  measuringNetwork,
  platformNetwork,
  portsOf,
  runLabel,
} from './layout.ts';
import { type ContainersRun, type Located, memoryLimit } from './run.ts';
import { filler, ownValues } from './substitution.ts';

const stopWithinSeconds = 5;
const logLimit = { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '2' } };

/**
 * Creates an instance's container, in both networks, with its files; nothing of it runs yet.
 * @throws EnvironmentError for a text that cannot be filled in; the engine's refusal
 */
export async function createContainer(
  run: ContainersRun,
  { component, instance }: Located,
  image: string,
): Promise<void> {
  const { spec } = component;
  const fill = filler(run, component.component, ownValues(component, instance));
  const megabytes = await memoryLimit(run, component);
  const env = Object.entries(spec.env ?? {}).map(([name, text]) => [name, fill(text)] as const);
  const container = await run.docker.createContainer({
    name: instance.container,
    Image: image,
    // The engine makes a host name an alias in the network that a container is created in, here the measuring one: were it the
    // instance's bare name, its DNS would give that network's address, where no container reaches another.
    Hostname: `${instance.instance}.internal`,
    StopTimeout: stopWithinSeconds,
    Labels: labelsOf(run, component.component, instance.instance),
    Env: Object.entries(withHeap(Object.fromEntries(env), spec, megabytes)).map(
      ([name, value]) => `${name}=${value}`,
    ),
    ...(spec.command !== undefined && { Cmd: wordsOf(spec.command).map(fill) }),
    ...(spec.cwd !== undefined && { WorkingDir: spec.cwd }),
    ...(spec.user !== undefined && { User: spec.user }),
    ExposedPorts: exposedPorts(spec),
    HostConfig: {
      ...limitsOf(spec, megabytes),
      NetworkMode: measuringNetwork(run.layout),
      ExtraHosts: hostEntries(run.layout),
      PortBindings: bindingsOf(instance, spec),
      Binds: [
        ...Object.entries(spec.mounts ?? {}).map(
          ([path, source]) => `${resolve(run.layout.platform.baseDir, source)}:${path}:ro`,
        ),
        ...Object.entries(spec.volumes ?? {}).map(
          ([path, name]) => `${volumeName(run.layout, name)}:${path}`,
        ),
        ...hostsBinds(run.layout),
      ],
      Tmpfs: Object.fromEntries(
        Object.entries(spec.tmpfs ?? {}).map(([path, megabytes]) => [
          path,
          `rw,size=${megabytes}m,mode=1777`,
        ]),
      ),
      CapAdd: spec.capabilities ?? [],
      LogConfig: logLimit,
    },
  });
  await joinPlatform(run, instance);
  const files = Object.entries(spec.files ?? {});
  if (files.length > 0)
    await container.putArchive(
      await archive(files.map(([path, text]) => ({ path, content: fill(text), mode: 0o644 }))),
      {
        path: '/',
      },
    );
}

export function wordsOf(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? command.trim().split(/\s+/) : command;
}

function volumeName({ prefix }: Pick<Layout, 'prefix'>, name: string): string {
  return `${prefix}-${name}`;
}

/** Every volume that a component names, with the run's label: they are removed with the run. */
export async function createVolumes({
  docker,
  layout,
}: Pick<ContainersRun, 'docker' | 'layout'>): Promise<void> {
  const names = new Set(layout.components.flatMap(({ spec }) => Object.values(spec.volumes ?? {})));
  await Promise.all(
    [...names].map((name) =>
      docker.createVolume({ Name: volumeName(layout, name), Labels: { [runLabel]: layout.runId } }),
    ),
  );
}

/** Its names and its address there are the same whenever it joins. */
export async function joinPlatform(
  run: ContainersRun,
  { container, names, networkAddress }: Pick<InstanceLayout, 'container' | 'names' | 'networkAddress'>,
): Promise<void> {
  await run.docker.getNetwork(platformNetwork(run.layout)).connect({
    Container: container,
    EndpointConfig: { Aliases: [...names], IPAMConfig: { IPv4Address: networkAddress } },
  });
}

export function labelsOf(
  { layout }: Pick<ContainersRun, 'layout'>,
  component: string,
  instance: string,
): { [label: string]: string } {
  return { [runLabel]: layout.runId, [componentLabel]: component, [instanceLabel]: instance };
}

export function exposedPorts(spec: ContainerSpec): { readonly [port: string]: object } {
  const all = portsOf(spec).flatMap((port) => protocolsOf(port, spec));
  return Object.fromEntries(all.map((port) => [port, {}]));
}

export function bindingsOf(
  { ports, hostAddress }: Pick<InstanceLayout, 'ports' | 'hostAddress'>,
  spec: ContainerSpec,
): Dockerode.PortMap {
  return Object.fromEntries(
    Object.entries(ports).flatMap(([port, published]) =>
      protocolsOf(Number(port), spec).map((exposed) => [
        exposed,
        [{ HostIp: hostAddress, HostPort: String(published) }],
      ]),
    ),
  );
}

function protocolsOf(port: number, { udp }: ContainerSpec): readonly string[] {
  return [`${port}/tcp`, ...(udp?.includes(port) ? [`${port}/udp`] : [])];
}

/** What Node needs beside its heap, in MB. */
const besideHeap = 128;

/** What a container may use in MB under a limit of this many. */
export function containerMegabytes(spec: ContainerSpec, limit: number): number {
  return spec['memory-of'] === 'heap' ? limit + besideHeap : limit;
}

type Variables = { readonly [name: string]: string };

/** V8 ends a program that needs more, and says so in its log. */
function withHeap(env: Variables, spec: ContainerSpec, megabytes: number | null): Variables {
  if (spec['memory-of'] !== 'heap' || megabytes === null) return env;
  const options = [env.NODE_OPTIONS, `--max-old-space-size=${megabytes}`];
  return { ...env, NODE_OPTIONS: options.filter((each) => each !== undefined).join(' ') };
}

/** Without swap: a limit that a component can evade by swapping is none. */
export function limitsOf(spec: ContainerSpec, megabytes: number | null): Dockerode.HostConfig {
  const { cpus } = spec;
  const bytes = megabytes === null ? null : containerMegabytes(spec, megabytes) * 2 ** 20;
  return {
    ...(bytes !== null && { Memory: bytes, MemorySwap: bytes }),
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
  };
}
