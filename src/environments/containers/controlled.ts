import { mostReplicas } from '../../definition/container-component.ts';
import { isReplicated } from '../../definition/platform-names.ts';
import { type Controlled, ControlRefusal, type Description } from '../control/controlled.ts';
import { redact } from '../toolbox/redact.ts';
import { isService } from './compose-services.ts';
import type { ComponentLayout } from './layout.ts';
import { lastLines } from './logs.ts';
import { type Changing, rebuild, restartRolling, scale } from './replicas.ts';
import { type ContainersRun, containerOf, inspect, memoryLimit, wantedInstances } from './run.ts';
import { secretsInUse } from './substitution.ts';

interface ControlledContainers extends ComponentLayout {
  readonly host: string;
}

/** What tools may do to the components of a run. Those that speak to a database's or Redis's clients are no business of theirs. */
export function controlledContainers(changing: Changing): Controlled<ControlledContainers> {
  const { run } = changing;
  return {
    components: run.layout.components
      .filter(({ spec }) => spec.speaks === undefined)
      .map((layout) => ({ ...layout, host: layout.spec.host ?? layout.component })),
    mostReplicas,
    describe: (component) => describe(run, component),
    async scale(component, replicas) {
      if (!isReplicated(component.spec))
        throw new ControlRefusal(
          `${component.component} cannot be scaled: give it "replicas" in the platform file`,
        );
      await scale(changing, component, replicas);
    },
    log: (component, tail) => log(run, component, tail),
    memory: (component) => memoryLimit(run, component),
    async limitMemory(component, megabytes) {
      refuseService(component, 'limit its memory there');
      await run.state.set('memory', component.component, String(megabytes));
      await restartRolling(changing, component, true);
    },
    restart: (component) => restartRolling(changing, component),
    async rebuild(component) {
      refuseService(component, 'it cannot be made again');
      await rebuild(changing, component);
    },
  };
}

function refuseService(component: ComponentLayout, what: string): void {
  if (isService(component))
    throw new ControlRefusal(`${component.component} is a service of a compose file: ${what}`);
}

/** A job that the platform file does not start is there once it was started. */
async function describe(run: ContainersRun, component: ComponentLayout): Promise<Description> {
  const wanted = await Promise.all(
    (await wantedInstances(run, component)).map(async (instance) => {
      const found = await inspect(run, instance);
      const state = {
        instance: instance.instance,
        pid: found?.State.Running === true ? found.State.Pid : null,
        held: (await run.state.get('holds', instance.instance)) !== null,
      };
      return { state, exists: found !== null };
    }),
  );
  const isJob = component.spec.replicas === 0;
  const instances = wanted.filter(({ exists }) => exists || !isJob).map(({ state }) => state);
  return { component: component.component, replicas: instances.length, instances };
}

async function log(run: ContainersRun, component: ComponentLayout, tail: number): Promise<string> {
  const wanted = await wantedInstances(run, component);
  const instances = wanted.length > 0 ? wanted : component.instances.slice(0, 1);
  const lines = await Promise.all(instances.map((instance) => lastLines(containerOf(run, instance), tail)));
  const text = lines
    .flat()
    .map((line) => `${line}\n`)
    .join('');
  return redact(text, secretsInUse(run));
}
