import type { ContainersRun } from '../containers/run.ts';
import { filler } from '../containers/substitution.ts';
import { type Containers, EnvironmentError, type Running } from '../environment.ts';
import { startWorkload } from '../kubernetes/start.ts';
import { workloadNamed } from '../kubernetes/workloads.ts';
import type { Workload } from '../only-kubernetes.ts';
import { kubernetesOf } from './api.ts';
import type { KnownClusters } from './known.ts';
import { type Operator, podCommands } from './pod-shells.ts';
import { signalWorkload } from './workloads.ts';

/** A platform of containers with what its clusters add: what is done to a workload is done to its pods, not to its load balancer. */
export function extended(run: ContainersRun, running: Running, known: KnownClusters): Running {
  const { platform, components } = run.layout;
  const kubernetes = kubernetesOf(platform, known);
  const of = { run, kubernetes };
  const pods = podCommands(run, operatorOf(run, known));
  const isDatabase = ({ component }: Workload) =>
    components.some((each) => each.component === component && each.spec.speaks !== undefined);

  /** Workloads that a name means: all of a component, or the one that has a role now; none for a container. */
  const meant = async (target: string): Promise<readonly Workload[]> => {
    const name = platform.roles?.[target] ?? target;
    const members = known.workloads.filter(({ component }) => component === name);
    if (members.length > 0) return members;
    const one = workloadNamed(known.workloads, name);
    if (one !== undefined) return [one];
    // A part of a cluster, which its members tell.
    if (!/\.(primary|replica)$/.test(name)) return [];
    const { instance } = await running.address(target);
    return known.workloads.filter((workload) => workload.instance === instance);
  };

  return {
    ...running,
    kubernetes,
    ...(running.containers !== undefined && {
      containers: withoutWorkloads(running.containers, known.workloads),
    }),
    async address(role) {
      const address = await running.address(role);
      const isCluster = known.clusters.some(
        ({ component }) => component === (platform.roles?.[role] ?? role),
      );
      // What is done to a cluster by its name is done to all of its nodes.
      return isCluster ? { ...address, instance: address.component } : address;
    },
    async exec(command, options) {
      const [workload] = options.on === undefined ? [] : await meant(options.on);
      return workload === undefined
        ? running.exec(command, options)
        : pods.exec(workload, kubernetes.cluster(workload.cluster), command, options);
    },
    async signal(what, signal) {
      const workloads = await meant(what.target);
      if (workloads.length === 0) return running.signal(what, signal);
      const lists = workloads.map((workload) => signalWorkload(of, workload, what, signal));
      return (await Promise.all(lists)).flat();
    },
    async start(target, mode) {
      const workloads = await meant(target);
      if (workloads.length === 0) return running.start(target, mode);
      for (const workload of workloads) {
        const cluster = kubernetes.cluster(workload.cluster);
        await startWorkload({ cluster, state: run.state, isDatabase: isDatabase(workload) }, workload, mode);
      }
    },
  };
}

/** Texts of the platform file, filled as those of containers. */
function operatorOf(run: ContainersRun, { operators }: KnownClusters) {
  return ({ component }: Workload): Operator => {
    const { user, env = {} } = operators[component] ?? {};
    const fill = filler(run, `${component}: operator`);
    return {
      ...(user !== undefined && { user }),
      env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fill(text)])),
    };
  };
}

/** Their load balancers are containers; a fault that names the workload does not mean those. */
function withoutWorkloads(containers: Containers, workloads: readonly Workload[]): Containers {
  const refuse = (instance: string): void => {
    if (workloads.some((workload) => workload.instance === instance))
      throw new EnvironmentError(
        `${instance} is a workload of a cluster, and this fault is one of containers: name a node, or use a fault of Kubernetes`,
      );
  };
  return {
    async state(instance) {
      refuse(instance);
      return containers.state(instance);
    },
    async change(instance, change) {
      refuse(instance);
      return containers.change(instance, change);
    },
    async run(instance, where, program) {
      refuse(instance);
      return containers.run(instance, where, program);
    },
  };
}
