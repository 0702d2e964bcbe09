import type { Controlled, Description } from '../control/controlled.ts';
import { redact } from '../toolbox/redact.ts';
import type { Starting } from './components.ts';
import { mainProcess } from './launch.ts';
import { instancesOf, type ProcessLayout } from './layout.ts';
import { lastLines } from './logs.ts';
import { rebuild, restartRolling } from './restart.ts';
import { type LocalRun, memoryLimit, wantedReplicas } from './run.ts';
import { secretsInUse } from './substitution.ts';

/** What tools may do to the plain processes of a run; databases are no business of theirs. */
export function controlledProcesses(starting: Starting): Controlled<ProcessLayout> {
  const { run, supervisor } = starting;
  return {
    components: run.layout.components.filter((each) => each.kind === 'process'),
    mostReplicas: 16,
    describe: (component) => describe(run, component),
    scale: (component, replicas) => supervisor.scale(component, replicas),
    log: (component, tail) => log(run, component, tail),
    memory: (component) => memoryLimit(run, component),
    async limitMemory(component, megabytes) {
      await run.state.set('memory', component.component, String(megabytes));
      await restartRolling(starting, component);
    },
    restart: (component) => restartRolling(starting, component),
    rebuild: (component) => rebuild(starting, component),
  };
}

async function describe(run: LocalRun, component: ProcessLayout): Promise<Description> {
  const replicas = await wantedReplicas(run, component);
  const instances = instancesOf(component, replicas).map(async (instance) => ({
    instance,
    pid: (await mainProcess(run, instance))?.pid ?? null,
    held: (await run.state.get('holds', instance)) !== null,
  }));
  return { component: component.component, replicas, instances: await Promise.all(instances) };
}

async function log(run: LocalRun, component: ProcessLayout, tail: number): Promise<string> {
  const names = instancesOf(component, Math.max(1, await wantedReplicas(run, component)));
  const lines = await Promise.all(names.map((instance) => lastLines(run.paths.log(instance), tail)));
  const text = lines
    .flat()
    .map((line) => `${line}\n`)
    .join('');
  return redact(text, secretsInUse(run));
}
