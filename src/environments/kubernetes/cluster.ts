import {
  type ApiAnswer,
  type ApiRequest,
  type ApiUnreachable,
  apiConnections,
} from '../../clients/kubernetes.ts';
import { EnvironmentError } from '../environment.ts';
import type { Cluster, KubernetesObject, ListOf, ObjectReference, PatchType } from '../only-kubernetes.ts';
import { accessOf } from './access.ts';

/** A call that takes longer has no answer: an API server that lives says at least that it is busy. */
const answerWithinMs = 10_000;
const longestReason = 500;

const contentTypes: { readonly [K in PatchType]: string } = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

/** The API server answered that it does not do what was asked. */
export class RefusedError extends EnvironmentError {
  override readonly name = 'RefusedError';
  /** HTTP status: 403 forbidden, 409 there already or changed meanwhile, 422 invalid. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export interface ClusterOptions {
  /** Deadline of each call in milliseconds. */
  readonly withinMs?: number;
  /** The only namespace that may be read or changed; of what is in none only the namespace itself may be read. */
  readonly confinedTo?: string;
}

/** A cluster by its kubeconfig. */
export function clusterOf(
  name: string,
  kubeconfig: string,
  { withinMs = answerWithinMs, confinedTo }: ClusterOptions = {},
): Cluster {
  const api = apiOf(name, kubeconfig, { withinMs, ...(confinedTo !== undefined && { confinedTo }) });
  return {
    name,
    ...(confinedTo !== undefined && { confinedTo }),
    async get(reference) {
      const answer = await api.ask(
        `reading ${inWords(reference)}`,
        'GET',
        await (isNamespace(reference, confinedTo)
          ? `/api/v1/namespaces/${encodeURIComponent(reference.name)}`
          : api.pathOf(reference)),
        [404],
      );
      return answer.status === 404 ? null : (answer.body as KubernetesObject);
    },
    async list(what) {
      const path = `${await api.collectionOf(what)}${queryOf(what)}`;
      const { body } = await api.ask(`listing ${what.kind} objects`, 'GET', path);
      const { items } = body as { items: readonly KubernetesObject[] };
      // Lists leave out what all of their items have in common.
      return items.map((item) => ({ ...item, apiVersion: what.apiVersion, kind: what.kind }));
    },
    async create(object) {
      const { apiVersion, kind, metadata } = object;
      const reference = { apiVersion, kind, ...metadata };
      const path = await api.collectionOf({ ...reference, namespace: metadata.namespace ?? 'default' });
      const { body } = await api.ask(`creating ${inWords(reference)}`, 'POST', path, [], { body: object });
      return body as KubernetesObject;
    },
    async change(reference, how, patch) {
      const asked = { body: patch, contentType: contentTypes[how] };
      const path = await api.pathOf(reference);
      const { body } = await api.ask(`changing ${inWords(reference)}`, 'PATCH', path, [], asked);
      return body as KubernetesObject;
    },
    async remove(reference, { graceSeconds } = {}) {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(graceSeconds !== undefined && { gracePeriodSeconds: graceSeconds }),
      };
      const path = await api.pathOf(reference);
      await api.ask(`removing ${inWords(reference)}`, 'DELETE', path, [404], { body });
    },
  };
}

interface Api {
  /** @param allowed statuses above 299 that are an answer, too */
  ask(
    what: string,
    method: string,
    path: string,
    allowed?: readonly number[],
    more?: Pick<ApiRequest, 'body' | 'contentType'>,
  ): Promise<ApiAnswer>;
  pathOf(reference: ObjectReference): Promise<string>;
  collectionOf(what: Pick<ListOf, 'apiVersion' | 'kind' | 'namespace'>): Promise<string>;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function apiOf(
  name: string,
  kubeconfig: string,
  { withinMs, confinedTo }: ClusterOptions & { readonly withinMs: number },
): Api {
  let connected: Promise<ReturnType<typeof apiConnections>> | null = null;
  const known = new Map<string, readonly Resource[]>();

  const connect = () => {
    connected ??= accessOf(name, kubeconfig).then(apiConnections);
    return connected;
  };

  const ask: Api['ask'] = async (what, method, path, allowed = [], more = {}) => {
    const connections = await connect();
    const abort = AbortSignal.timeout(withinMs);
    const answer = await connections.ask({ method, path, ...more }, abort).catch((error: ApiUnreachable) => {
      throw new EnvironmentError(silence(name, what, error, withinMs));
    });
    // A login that has run out: the next call logs in anew.
    if (answer.status === 401) connected = null;
    if (answer.status < 300 || allowed.includes(answer.status)) return answer;
    throw new RefusedError(`${name}: ${what}: the API server refused: ${reasonOf(answer)}`, answer.status);
  };

  /** A kind that is not known yet may have been added since: it is asked for again. */
  const resourceOf = async ({ apiVersion, kind }: Pick<ListOf, 'apiVersion' | 'kind'>): Promise<Resource> => {
    const found = find(known.get(apiVersion), kind);
    if (found !== undefined) return found;
    const { status, body } = await ask(`looking up ${apiVersion}`, 'GET', rootOf(apiVersion), [404]);
    const resources = status === 404 ? [] : (body as { resources: readonly Resource[] }).resources;
    known.set(apiVersion, resources);
    const now = find(resources, kind);
    if (now !== undefined) return now;
    throw new EnvironmentError(
      `${name} has no kind ${kind} in ${apiVersion}; see what it has with "kubectl api-resources"`,
    );
  };

  const collectionOf: Api['collectionOf'] = async (what) => {
    const { name: plural, namespaced } = await resourceOf(what);
    if (confinedTo !== undefined && !(namespaced && what.namespace === confinedTo))
      throw new EnvironmentError(
        `${name}: ${what.kind} ${namespaced ? `of ${what.namespace === undefined ? 'all namespaces' : `the namespace ${what.namespace}`}` : 'is in no namespace, and'} is not touched: this run keeps to the namespace ${confinedTo}`,
      );
    const within =
      namespaced && what.namespace !== undefined ? `/namespaces/${encodeURIComponent(what.namespace)}` : '';
    return `${rootOf(what.apiVersion)}${within}/${plural}`;
  };

  return {
    ask,
    collectionOf,
    pathOf: async ({ namespace = 'default', ...reference }) =>
      `${await collectionOf({ ...reference, namespace })}/${encodeURIComponent(reference.name)}`,
  };
}

function isNamespace({ apiVersion, kind, name }: ObjectReference, namespace: string | undefined): boolean {
  return apiVersion === 'v1' && kind === 'Namespace' && name === namespace;
}

/** Names with a slash are parts of a resource, such as its status. */
function find(resources: readonly Resource[] | undefined, kind: string): Resource | undefined {
  return resources?.find((each) => each.kind === kind && !each.name.includes('/'));
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function queryOf({ labels, fields }: ListOf): string {
  const query = new URLSearchParams({
    ...(labels !== undefined && { labelSelector: labels }),
    ...(fields !== undefined && { fieldSelector: fields }),
  }).toString();
  return query === '' ? '' : `?${query}`;
}

function inWords({ kind, namespace = 'default', name }: ObjectReference): string {
  return `${kind} ${namespace}/${name}`;
}

function silence(name: string, what: string, { code }: ApiUnreachable, withinMs: number): string {
  const why = code === 'timeout' ? `no answer within ${withinMs / 1000} s` : code;
  return `${name}: ${what}: the API server does not answer (${why}); see whether its control plane runs and is reached`;
}

/** The server's own words; of an answer that is no status only its number, for it may be a page of anybody. */
function reasonOf({ status, body }: ApiAnswer): string {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message.slice(0, longestReason) : `HTTP ${status}`;
}
