import type Dockerode from 'dockerode';
import type { EnvironmentName, Platform } from '../../definition/platform.ts';
import { openControl } from '../control/server.ts';
import type { EnvironmentRecord, Running, RunSite } from '../environment.ts';
import type { Held } from '../held.ts';
import { claimNetwork, type Loopback } from '../machine/network.ts';
import { newSeed } from '../secrets.ts';
import { allAtRest, startInOrder, type Waiting } from '../start-order.ts';
import { makeCertificates } from './certificates.ts';
import { isService, startServices } from './compose-services.ts';
import { controlledContainers } from './controlled.ts';
import { createContainer, createVolumes } from './create.ts';
import { createHostsFile } from './hosts-file.ts';
import { imageOf } from './images.ts';
import { type ComponentLayout, componentsOf, hostsOf, type Layout, listenersOf, prefixOf } from './layout.ts';
import { createNetworks, freeSubnet } from './networks.ts';
import { waitUntilReady } from './ready.ts';
import { type ContainersRun, containersRun, wantedInstances } from './run.ts';
import { createRunFolder, type Known, keepKnown, runFolderOf, sharedPaths } from './run-folder.ts';
import { runningOf } from './running.ts';
import { type Supervisor, supervise } from './supervisor.ts';
import { commandsOf, plainToolbox, startToolbox } from './toolbox.ts';

/** What an environment that is more than containers does beside them. */
export interface Addition {
  /** Decides what is its own in the layout, before anything is created. */
  plan(layout: Layout): Layout | Promise<Layout>;
  /** First three bytes of the platform's network, where that is there already. */
  readonly subnet?: string;
  /** What `down` needs to know of it. Plain JSON without secrets. */
  readonly details: EnvironmentRecord['details'];
  /** The run's networks are there, and none of its containers. Returns the layout with what is known only now. */
  prepare(run: ContainersRun): Promise<Layout>;
  /** The toolbox runs, and no command has run in it. */
  equip(run: ContainersRun): Promise<void>;
  /** Waits until a component is ready, once its containers are. @throws EnvironmentError */
  ready(run: ContainersRun, component: ComponentLayout, abort: AbortSignal): Promise<void>;
  /** Ends what it still does for this run in this process. Never rejects. */
  release(): Promise<void>;
  /** What it can do beside what containers can. */
  extend(run: ContainersRun, running: Running): Running | Promise<Running>;
}

export interface Bringing {
  readonly docker: Dockerode;
  readonly platform: Platform;
  readonly site: RunSite;
  readonly loopback: Loopback;
  /** Gets what `down` must let go of, as soon as there is any. */
  held(held: Held): void;
  readonly environment: EnvironmentName;
  readonly addition?: Addition;
}

/**
 * Makes a platform and waits until all of it is ready.
 * @throws EnvironmentError; what was created by then is still there
 */
export async function bringUp(bringing: Bringing): Promise<Running> {
  const { docker, platform, site, loopback, addition } = bringing;
  const network = await claimNetwork(listenersOf(platform), loopback);
  const owned: (() => unknown)[] = [() => network.release()];
  bringing.held({
    release: async () => void (await Promise.allSettled(owned.map((release) => release()))),
  });
  if (addition !== undefined) owned.push(() => addition.release());
  const layout = await planLayout(bringing, network.endpoints);
  const record = recordOf(layout, bringing);
  await site.emit({ type: 'environment', record });
  const certificates = await makeCertificates(platform.certificates ?? {}, new Date());
  const known = { layout, seed: newSeed(), certificates };
  await createRunFolder(known);
  const planned = containersRun(docker, { ...known, emit: site.emit });
  const images = await imagesOf(planned);
  await createNetworks(docker, layout);
  const run = addition === undefined ? planned : await prepared(planned, known, addition);
  await createHostsFile(run);
  const commands = commandsOf(run);
  owned.push(() => commands.close());
  await createVolumes(run);
  const supervisor = await supervise(run);
  owned.push(() => supervisor.close());
  await allAtRest([
    startToolbox(run, images.toolbox).then(() => addition?.equip(run)),
    startServices(run),
    ...run.layout.components
      .filter((component) => isStarted(component) && !isService(component))
      .map((component) => createComponent(run, component, images.of(component))),
  ]);
  const control = await openControl(
    controlledContainers({ run, supervisor }),
    sharedPaths(layout.runDir).control,
    0o666,
  );
  owned.push(() => control.close());
  await startComponents(run, supervisor, addition);
  const running = runningOf({ run, record, supervisor, commands });
  return addition === undefined ? running : addition.extend(run, running);
}

/** The run with what its addition has made. Another process has to find that, too. */
async function prepared(planned: ContainersRun, known: Known, addition: Addition): Promise<ContainersRun> {
  const layout = await addition.prepare(planned);
  await keepKnown({ ...known, layout });
  return { ...planned, layout };
}

async function planLayout(
  { docker, platform, site: { runId, reportDir }, loopback, addition }: Bringing,
  endpoints: ReadonlyMap<string, { readonly address: string; readonly port: number }>,
): Promise<Layout> {
  const prefix = prefixOf(runId);
  const subnet = addition?.subnet ?? (await freeSubnet(docker));
  const components = componentsOf(platform, prefix, subnet, endpoints);
  const layout: Layout = {
    runId,
    reportDir,
    platform,
    loopback,
    prefix,
    subnet,
    components,
    runDir: runFolderOf(prefix),
    hosts: hostsOf(components),
  };
  return addition === undefined ? layout : addition.plan(layout);
}

function recordOf(
  { runId, runDir, reportDir, loopback, prefix, subnet }: Layout,
  { environment, addition }: Bringing,
): EnvironmentRecord {
  const details = { reportDir, loopback, prefix, subnet, ...addition?.details };
  return { environment, runId, runDir, details };
}

interface Images {
  readonly toolbox: string;
  of(component: ComponentLayout): string;
}

/** One after the other: builds of images that begin with the same layers then share them. @throws EnvironmentError */
async function imagesOf({ docker, layout }: ContainersRun): Promise<Images> {
  const { platform, components } = layout;
  const names = new Map<string, string>();
  const nameOf = async (source: Parameters<typeof imageOf>[1]): Promise<string> => {
    const key = JSON.stringify(source);
    const name = names.get(key) ?? (await imageOf(docker, source, platform.baseDir));
    names.set(key, name);
    return name;
  };
  const toolbox = await nameOf(platform.toolbox?.container ?? plainToolbox);
  for (const component of components)
    if (!isService(component) && component.elsewhere !== true) await nameOf(component.spec.container);
  return { toolbox, of: ({ spec }) => names.get(JSON.stringify(spec.container)) ?? '' };
}

function isStarted({ spec, elsewhere }: ComponentLayout): boolean {
  return spec.replicas !== 0 && elsewhere !== true;
}

async function createComponent(run: ContainersRun, component: ComponentLayout, image: string): Promise<void> {
  await allAtRest(
    (await wantedInstances(run, component)).map((instance) =>
      createContainer(run, { component, instance }, image),
    ),
  );
}

async function startComponents(
  run: ContainersRun,
  supervisor: Supervisor,
  addition: Addition | undefined,
): Promise<void> {
  await startInOrder(run.layout.components.map(waiting), async ({ layout }, abort) => {
    if (isStarted(layout)) await startContainers(run, supervisor, layout, abort);
    if (!abort.aborted) await addition?.ready(run, layout, abort);
  });
}

async function startContainers(
  run: ContainersRun,
  supervisor: Supervisor,
  component: ComponentLayout,
  abort: AbortSignal,
): Promise<void> {
  await allAtRest(
    (await wantedInstances(run, component)).map(async (instance) => {
      const located = { component, instance };
      await supervisor.start(located);
      await waitUntilReady(run, located, abort);
    }),
  );
}

function waiting(layout: ComponentLayout): Waiting & { readonly layout: ComponentLayout } {
  return { layout, component: layout.component, after: layout.spec.after ?? [] };
}
