import type { ClusterAccess } from '../clients/kubernetes.ts';

/** Kubernetes clusters of a platform. Everything is seen by any process of drillbook that attaches to the run. */
export interface Kubernetes {
  /** Their names in the platform file, which are the contexts of the toolbox's kubeconfig; the first is its current one at first. */
  readonly clusters: readonly string[];
  /** @throws EnvironmentError when the platform has none of that name */
  cluster(name: string): Cluster;
  /** How its API is spoken to, for probes. It has keys: in memory only, never journaled. @throws EnvironmentError as `cluster` */
  access(name: string): Promise<ClusterAccess>;
  /** What a role, component or member runs as. @throws EnvironmentError when that is no workload */
  workload(target: string): Workload;
}

/** A Deployment, StatefulSet or DaemonSet of the platform. */
export interface Workload extends ObjectReference {
  readonly cluster: string;
  readonly namespace: string;
  readonly component: string;
  /** The platform's name for it: the component's, or the member's. */
  readonly instance: string;
}

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Not there: the kind has no namespaces, or it is "default". */
  readonly namespace?: string;
  readonly name: string;
}

/** As the API server has it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly labels?: { readonly [name: string]: string };
    readonly annotations?: { readonly [name: string]: string };
    readonly deletionTimestamp?: string;
  };
  readonly [key: string]: unknown;
}

/**
 * The API of one cluster. Every call has a deadline of its own.
 * All throw EnvironmentError when the API server does not answer, or refuses, with its reason.
 */
export interface Cluster {
  readonly name: string;
  /** The only namespace that these calls reach: all others throw. Not there: they reach everything. */
  readonly confinedTo?: string;
  /** Null when there is none. */
  get(reference: ObjectReference): Promise<KubernetesObject | null>;
  list(what: ListOf): Promise<readonly KubernetesObject[]>;
  /** Refused when it is there already. */
  create(object: KubernetesObject): Promise<KubernetesObject>;
  change(reference: ObjectReference, how: PatchType, patch: unknown): Promise<KubernetesObject>;
  /** Asks for its end and does not wait for it. What is not there is removed already. */
  remove(reference: ObjectReference, options?: { readonly graceSeconds?: number }): Promise<void>;
}

export interface ListOf {
  readonly apiVersion: string;
  readonly kind: string;
  /** Not there: of all namespaces. */
  readonly namespace?: string;
  /** A label selector: `app=api-server,tier!=cache`. */
  readonly labels?: string;
  /** A field selector: `spec.nodeName=worker`. */
  readonly fields?: string;
}

/** `merge`: RFC 7386; `strategic`: as "kubectl patch" does, lists merged by their keys; `json`: RFC 6902. */
export type PatchType = 'merge' | 'strategic' | 'json';
