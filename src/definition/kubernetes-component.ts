import { z } from 'zod';
import { imageSource, names, operator, port, speaks } from './container-component.ts';
import { duration } from './duration.ts';
import { name } from './name.ts';

const manifests = {
  objects: z
    .array(z.looseObject({ apiVersion: z.string(), kind: z.string() }))
    .optional()
    .describe(
      'Kubernetes objects of the run, applied before the manifests: secrets above all; `${secret.NAME}` and the like are filled in their texts',
    ),
  manifests: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'files or folders, relative to the platform file, each applied in this order as "kubectl apply -f" does',
    ),
};

const kindCluster = z.strictObject({
  config: z
    .string()
    .min(1)
    .describe(
      'a configuration of kind, relative to the platform file: its document whose "name" is the component\'s',
    ),
  images: z
    .union([name, z.record(z.string().min(1), imageSource)])
    .optional()
    .describe(
      'image as manifests name it → where it comes from; loaded into every node, which pulls nothing',
    ),
  standby: z
    .array(name)
    .min(1)
    .optional()
    .describe('nodes that take no pods at first, for an autoscaler to bring in'),
  'worker-cpus': z
    .number()
    .positive()
    .max(64)
    .optional()
    .describe(
      'limit of the processors of each worker node, e.g. 1.5: what its pods use up leaves the rest to what measures',
    ),
  ...manifests,
});

/** Of a cluster that is there already: nothing is made in it but what faults put there, and nothing outside of one namespace. */
const contextCluster = z.strictObject({
  context: z.string().min(1).describe('exact name of a context that exists'),
  namespace: name.describe('the only one that is touched'),
  server: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'URL of its API server as the kubeconfig has it: a context that has come to mean another cluster is refused. Without it nothing is touched',
    ),
  kubeconfig: z
    .string()
    .min(1)
    .optional()
    .describe('file that has it, relative to the platform file; default: those that kubectl takes'),
});

/** A Kubernetes cluster. Its name is that of the context in the toolbox's kubeconfig, in which the first cluster is the current one. */
export const kubernetesComponent = z.strictObject({
  kubernetes: z.union([kindCluster, contextCluster]),
  nodes: z
    .array(name)
    .min(1)
    .max(8)
    .optional()
    .describe('names of its nodes, for faults, in the order of the configuration of kind: a container each'),
});
export type KubernetesSpec = z.infer<typeof kubernetesComponent>;
export type KindClusterSpec = z.infer<typeof kindCluster>;
export type ContextClusterSpec = z.infer<typeof contextCluster>;

const nodePort = z.int().min(30000).max(32767);

/** What runs in a cluster, with the load balancer before it through which clients outside and drillbook reach it. */
export const workloadComponent = z.strictObject({
  workload: z.enum(['deployment', 'statefulset', 'daemonset']),
  cluster: name.optional().describe('component that is its cluster; default the first one'),
  namespace: name.optional().describe('default "default"'),
  object: name
    .optional()
    .describe("the object's name in the cluster; default the component's, or the member's"),
  members: z
    .array(name)
    .min(1)
    .max(8)
    .optional()
    .describe(
      'host names, each a workload of that name; default one, called by "host" or the component\'s name',
    ),
  ...names,
  port: port.optional().describe('documented port: what its role means'),
  address: z
    .string()
    .regex(/^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?):\d{1,5}$/i, 'HOST:PORT')
    .optional()
    .describe(
      'on "environment: context": HOST:PORT at which clients reach it, and probes with them; without it only the API tells of it',
    ),
  ports: z.array(port).optional().describe('further ports that probes and faults speak to'),
  'node-ports': z
    .record(z.string().regex(/^\d+$/, 'a port'), z.union([nodePort, z.record(name, nodePort)]))
    .optional()
    .describe('documented port → port of the nodes at which a service has it, or member → that'),
  after: z.array(name).optional().describe('components that must be ready first'),
  standby: z
    .literal(true)
    .optional()
    .describe('it is not ready until a recovery makes it so: nobody waits for it'),
  within: duration
    .optional()
    .describe('until its rollout is complete, when the platform is brought up; default 3m'),
  operator: operator.optional(),
  speaks: speaks.optional().describe('as of a container'),
});
export type WorkloadSpec = z.infer<typeof workloadComponent>;
