import type { FaultSpec } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';

type StartSpec = Extract<FaultSpec, { fault: 'start' }>;

/**
 * Starts what does harm while it runs: a job that locks a table, a client that misuses a stolen key. The platform file
 * gives it `replicas: 0`, so that the platform starts without it. Healed by ending it for good.
 */
export const start: Fault<StartSpec> = {
  kind: 'start',

  async prepare(running, id, spec): Promise<Injection> {
    const { component, instance } = await running.address(spec.target);
    if (component !== instance)
      throw new FaultError(
        `${id}: ${spec.target} is one instance of ${component}: name the component to start`,
      );
    const [runs] = await processesOf(running, component);
    if (runs !== undefined)
      throw new FaultError(
        `${id}: ${spec.target} runs already (process ${runs.pid}): give it "replicas: 0" in the platform file`,
      );
    return { id, spec, instance: component, processes: [] };
  },

  /** An earlier heal has left it held: it is this fault's to lift. */
  async inject(running, { instance, spec }) {
    const { replicas = 1 } = spec as StartSpec;
    const names = Array.from({ length: replicas }, (_, i) => (i === 0 ? instance : `${instance}-${i + 1}`));
    for (const name of names) {
      await running.signal({ target: name, scope: 'component', release: true }, null);
      await running.start(name, 'normal');
    }
  },

  async heal(running, { instance }) {
    await running.start(instance, 'stop');
  },

  async status(running, { instance }) {
    return (await processesOf(running, instance)).length > 0 ? 'active' : 'gone';
  },
};

function processesOf(running: Running, component: string) {
  return running.signal({ target: component, scope: 'component' }, null);
}
