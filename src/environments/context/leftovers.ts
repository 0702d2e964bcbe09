import type { Workload } from '../environment.ts';
import { heldAnnotation } from '../kubernetes/hold.ts';
import { faultAnnotation, faultLabel, runAnnotation } from '../kubernetes/marks.ts';
import type { Cluster } from '../only-kubernetes.ts';

/** Something of a fault that is in the cluster. */
export interface LeftOfFault {
  readonly what: string;
  /** Null: nobody wrote it down. */
  readonly runId: string | null;
}

/** Kinds that faults put into clusters. */
const kinds = [
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
];

/** All that faults of any run have in the namespace, and workloads of the platform that one holds down. @throws EnvironmentError when the API does not answer */
export async function leftOfFaults(
  cluster: Cluster,
  namespace: string,
  workloads: readonly Workload[],
): Promise<readonly LeftOfFault[]> {
  const lists = await Promise.all(kinds.map((of) => cluster.list({ ...of, namespace, labels: faultLabel })));
  const put = lists.flat().map(({ kind, metadata: { name, annotations = {} } }) => ({
    what: `${kind} ${namespace}/${name} of the fault ${annotations[faultAnnotation] ?? '?'}`,
    runId: annotations[runAnnotation] ?? null,
  }));
  const objects = await Promise.all(workloads.map((workload) => cluster.get(workload)));
  const held = objects.flatMap((object) =>
    object?.metadata.annotations?.[heldAnnotation] === undefined
      ? []
      : [
          {
            what: `${object.kind} ${namespace}/${object.metadata.name}, held at 0 replicas`,
            runId: null,
          },
        ],
  );
  return [...put, ...held];
}
