import type Dockerode from 'dockerode';
import type { Platform } from '../../definition/platform.ts';
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
import { createRunFolder, runFolderOf, sharedPaths } from './run-folder.ts';
import { runningOf } from './running.ts';
import { type Supervisor, supervise } from './supervisor.ts';
import { commandsOf, plainToolbox, startToolbox } from './toolbox.ts';

/**
 * Makes a platform and waits until all of it is ready. `held` gets what `down` must let go of, as soon as there is any.
 * @throws EnvironmentError; what was created by then is still there
 */
export async function bringUp(
  docker: Dockerode,
  platform: Platform,
  site: RunSite,
  loopback: Loopback,
  held: (held: Held) => void,
): Promise<Running> {
  const network = await claimNetwork(listenersOf(platform), loopback);
  const owned: (() => unknown)[] = [() => network.release()];
  held({ release: async () => void (await Promise.allSettled(owned.map((release) => release()))) });
  const layout = await planLayout(docker, platform, site, loopback, network.endpoints);
  const record = recordOf(layout);
  await site.emit({ type: 'environment', record });
  const certificates = await makeCertificates(platform.certificates ?? {}, new Date());
  const seed = newSeed();
  await createRunFolder({ layout, seed, certificates });
  const run = containersRun(docker, { layout, seed, certificates, emit: site.emit });
  await createHostsFile(run);
  const commands = commandsOf(run);
  owned.push(() => commands.close());
  const images = await imagesOf(run);
  await createNetworks(docker, layout);
  await createVolumes(run);
  const supervisor = await supervise(run);
  owned.push(() => supervisor.close());
  await allAtRest([
    startToolbox(run, images.toolbox),
    startServices(run),
    ...layout.components
      .filter((component) => isStarted(component) && !isService(component))
      .map((component) => createComponent(run, component, images.of(component))),
  ]);
  const control = await openControl(
    controlledContainers({ run, supervisor }),
    sharedPaths(layout.runDir).control,
    0o666,
  );
  owned.push(() => control.close());
  await startComponents(run, supervisor);
  return runningOf({ run, record, supervisor, commands });
}

async function planLayout(
  docker: Dockerode,
  platform: Platform,
  { runId, reportDir }: RunSite,
  loopback: Loopback,
  endpoints: ReadonlyMap<string, { readonly address: string; readonly port: number }>,
): Promise<Layout> {
  const prefix = prefixOf(runId);
  const subnet = await freeSubnet(docker);
  const components = componentsOf(platform, prefix, subnet, endpoints);
  return {
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
}

function recordOf({ runId, runDir, reportDir, loopback, prefix, subnet }: Layout): EnvironmentRecord {
  return { environment: 'containers', runId, runDir, details: { reportDir, loopback, prefix, subnet } };
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
  for (const component of components) if (!isService(component)) await nameOf(component.spec.container);
  return { toolbox, of: ({ spec }) => names.get(JSON.stringify(spec.container)) ?? '' };
}

function isStarted({ spec }: ComponentLayout): boolean {
  return spec.replicas !== 0;
}

async function createComponent(run: ContainersRun, component: ComponentLayout, image: string): Promise<void> {
  await allAtRest(
    (await wantedInstances(run, component)).map((instance) =>
      createContainer(run, { component, instance }, image),
    ),
  );
}

async function startComponents(run: ContainersRun, supervisor: Supervisor): Promise<void> {
  await startInOrder(run.layout.components.map(waiting), async ({ layout }, abort) => {
    if (!isStarted(layout)) return;
    await allAtRest(
      (await wantedInstances(run, layout)).map(async (instance) => {
        const located = { component: layout, instance };
        await supervisor.start(located);
        await waitUntilReady(run, located, abort);
      }),
    );
  });
}

function waiting(layout: ComponentLayout): Waiting & { readonly layout: ComponentLayout } {
  return { layout, component: layout.component, after: layout.spec.after ?? [] };
}
