import { composeUp } from './compose.ts';
import { composeFileOf } from './compose-check.ts';
import type { ServiceChanges } from './compose-override.ts';
import { labelsOf } from './create.ts';
import {
  type ComponentLayout,
  type InstanceLayout,
  measuringNetwork,
  platformNetwork,
  runLabel,
} from './layout.ts';
import type { ContainersRun } from './run.ts';
import { filler } from './substitution.ts';

/** Whether compose makes its container. From then on it is one like any other: found by its name and its labels. */
export function isService({ spec }: Pick<ComponentLayout, 'spec'>): boolean {
  return 'service' in spec.container;
}

/**
 * Starts the services of the platform's compose file, if it has one, in networks that are there.
 * @throws EnvironmentError as `composeUp` does; for a variable that cannot be filled in
 */
export async function startServices(run: ContainersRun): Promise<void> {
  const { platform, components, prefix, runId, runDir, subnet } = run.layout;
  const file = composeFileOf(platform);
  if (file === null) return;
  const fill = filler(run, 'compose.env');
  const variables = Object.entries(platform.compose?.env ?? {}).map(([name, text]) => [name, fill(text)]);
  const services = Object.fromEntries(
    components
      .filter(isService)
      .flatMap(({ component, instances }) =>
        instances.map((instance) => [instance.instance, changesOf(run, component, instance)]),
      ),
  );
  await composeUp({
    file,
    variables: Object.fromEntries(variables),
    folder: runDir,
    project: prefix,
    labels: { [runLabel]: runId },
    network: platformNetwork(run.layout),
    subnet,
    created: async (containers) => {
      const published = containers.filter(({ service }) => service in services);
      await Promise.all(published.map(({ id }) => joinMeasuring(run, id)));
    },
    services,
  });
}

/**
 * Not by compose: it would give the service its name there, too, and the others would look for it where no container reaches another.
 */
async function joinMeasuring({ docker, layout }: ContainersRun, container: string): Promise<void> {
  await docker.getNetwork(measuringNetwork(layout)).connect({ Container: container });
}

/** A service's instance has the service's name. */
function changesOf(run: ContainersRun, component: string, instance: InstanceLayout): ServiceChanges {
  const { container, names, networkAddress, hostAddress, ports } = instance;
  const labels = labelsOf(run, component, instance.instance);
  return { container, names, networkAddress, hostAddress, ports, labels };
}
