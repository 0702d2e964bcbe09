import { type ApiConnections, apiConnections } from '../../clients/kubernetes.ts';
import { accessOf } from '../kubernetes/access.ts';
import { podsOf } from '../kubernetes/rollout.ts';
import type { Cluster, KubernetesObject, Workload } from '../only-kubernetes.ts';
import { redact } from '../toolbox/redact.ts';

const shownLines = 20;
const withinMs = 10_000;
const longest = 4000;

/** Ends of the logs of pods that are not ready, before an error's end; empty where the API has none, or does not answer. */
export async function endsOfLogs(cluster: Cluster, workload: Workload, kubeconfig: string): Promise<string> {
  try {
    const connections = apiConnections(await accessOf(cluster.name, kubeconfig));
    try {
      const pods = (await podsOf(cluster, workload)).filter((pod) => !isReady(pod));
      const ends = await Promise.all(pods.flatMap((pod) => endsOf(connections, pod)));
      return ends.join('');
    } finally {
      connections.close();
    }
  } catch {
    return '';
  }
}

function endsOf(connections: ApiConnections, pod: KubernetesObject): readonly Promise<string>[] {
  const { name, namespace = 'default' } = pod.metadata;
  const { containers = [] } = (pod.spec ?? {}) as { containers?: readonly { name: string }[] };
  return containers.map(async (container) => {
    const read = async (previous: boolean) => {
      const query = new URLSearchParams({
        container: container.name,
        tailLines: String(shownLines),
        previous: String(previous),
      });
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log?${query}`;
      const { status, body } = await connections.ask({ method: 'GET', path }, AbortSignal.timeout(withinMs));
      return status === 200 ? (typeof body === 'string' ? body : JSON.stringify(body)).trim() : '';
    };
    const text = (await read(false)) || (await read(true));
    return text === '' ? '' : `\nthe log of pod ${name} ends:\n${redact(text, []).slice(-longest)}`;
  });
}

function isReady({ status }: KubernetesObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}
