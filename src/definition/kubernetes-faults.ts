import { z } from 'zod';
import { duration } from './duration.ts';
import { name } from './name.ts';

const workload = name.describe('role, component or instance that is a workload of a cluster');
const cluster = name.optional().describe('component that is the cluster; default the first one');
const objectName = z.string().min(1).max(253);

/** An object of a cluster that is no component of the platform file. */
const object = z.strictObject({
  cluster,
  apiVersion: z.string().min(1).describe('e.g. v1, apps/v1'),
  kind: z.string().min(1).describe('e.g. ConfigMap'),
  namespace: objectName.optional().describe('default "default"'),
  name: objectName,
});
export type ObjectSpec = z.infer<typeof object>;

const amounts = z.strictObject({
  memory: z.int().min(16).max(65_536).optional().describe('MB'),
  cpus: z.number().min(0.01).max(64).optional().describe('processors, e.g. 0.5'),
});

/** Faults that are done through the API of a Kubernetes cluster, or to it: each needs `Running.kubernetes`. */
export const kubernetesFaults = [
  z.strictObject({
    fault: z.literal('delete-pods'),
    target: workload,
    count: z.int().min(1).max(100).optional().describe('how many of its pods; default all'),
    grace: duration
      .optional()
      .describe(
        'time that their processes have to end, in whole seconds; default what the pods say; 0s kills them',
      ),
  }),
  z.strictObject({
    fault: z.literal('patch'),
    target: workload.optional().describe('the workload that is patched; or name an "object"'),
    object: object.optional().describe('what is patched, if it is no workload of the platform file'),
    patch: z
      .record(z.string(), z.unknown())
      .describe('as "kubectl patch" takes it; `${secret.NAME}` and the like are filled in its texts'),
    type: z
      .enum(['strategic', 'merge'])
      .optional()
      .describe(
        'strategic (the default): lists such as containers are merged by name; merge: lists are replaced',
      ),
    restart: workload
      .optional()
      .describe(
        'its pods are started anew after the change, so that one of a ConfigMap counts; also when healed',
      ),
    'way-back': z
      .enum(['restore', 'none'])
      .optional()
      .describe(
        'restore (the default): healing puts back what the patched fields had, unless somebody changed them since; none: only the recovery brings it back',
      ),
  }),
  z.strictObject({
    fault: z.literal('delete-object'),
    object: object.describe(
      "what is deleted; with a PersistentVolumeClaim the pods that use it, so that its data is lost. What it had is kept in the cluster's kube-system and put back when healed, but never the data of a volume",
    ),
  }),
  z.strictObject({
    fault: z.literal('hog'),
    cluster,
    namespace: objectName.optional().describe('default "default"'),
    memory: z.int().min(1).max(65_536).optional().describe('MB that each of its pods fills'),
    cpus: z.int().min(1).max(64).optional().describe('processors that each of its pods keeps busy'),
    replicas: z.int().min(1).max(100).optional().describe('how many pods; default 1'),
    node: name.optional().describe('node, as the platform file calls it, on which all of them run'),
    requests: amounts
      .optional()
      .describe('what each of them has reserved, so that others find no room; default nothing'),
    limits: amounts
      .optional()
      .describe(
        'what each of them may take at most; default no limit: what it takes is taken from all others on its node',
      ),
    priority: name
      .optional()
      .describe('PriorityClass that is there, e.g. system-cluster-critical: others have to go before it'),
    image: z
      .string()
      .min(1)
      .optional()
      .describe('image with node that the nodes have; default node:24-trixie-slim'),
  }),
  z.strictObject({
    fault: z.literal('api-server-unreachable'),
    cluster,
  }),
  z.strictObject({
    fault: z.literal('cluster-dns'),
    cluster,
    how: z.enum(['gone', 'nxdomain']).describe('no CoreDNS runs; or it answers that there is no such name'),
    name: z
      .string()
      .regex(/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/i, 'a host name')
      .optional()
      .describe('with nxdomain: the name, and all below it, that it denies; default all of cluster.local'),
  }),
  z.strictObject({
    fault: z.literal('cut-off'),
    target: workload,
    from: z
      .array(name)
      .min(1)
      .describe('workloads of the same cluster, or components and instances that are containers'),
    direction: z
      .enum(['both', 'in', 'out'])
      .optional()
      .describe("of the packets that are dropped, as the target's pods see them; default both"),
  }),
] as const;
