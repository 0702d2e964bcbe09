import { EnvironmentError } from '../environment.ts';
import type { Cluster, KubernetesObject } from '../only-kubernetes.ts';

/** A cluster by its kubeconfig. */
export function clusterOf(name: string, kubeconfig: string): Cluster {
  const api = (async () => {
    const k8s = await import('@kubernetes/client-node');
    const config = new k8s.KubeConfig();
    config.loadFromString(kubeconfig);
    return { k8s, objects: k8s.KubernetesObjectApi.makeApiClient(config) };
  })();
  const asked = async <T>(ask: (of: Awaited<typeof api>) => Promise<T>): Promise<T> => {
    try {
      return await ask(await api);
    } catch (cause) {
      throw Object.assign(new EnvironmentError(`${name}: ${(cause as Error).message}`, { cause }), {
        code: (cause as { code?: number }).code,
      });
    }
  };
  const header = (ref: { apiVersion: string; kind: string; name: string; namespace?: string }) => ({
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace ?? 'default' },
  });
  return {
    name,
    get: (ref) =>
      asked(({ objects }) => objects.read(header(ref) as never) as Promise<never>).catch((error) => {
        if (error.code === 404) return null;
        throw error;
      }) as Promise<KubernetesObject | null>,
    list: ({ apiVersion, kind, namespace, labels, fields }) =>
      asked(
        async ({ objects }) =>
          (await objects.list(apiVersion, kind, namespace, undefined, undefined, undefined, fields, labels))
            .items as never,
      ),
    create: (object) => asked(({ objects }) => objects.create(object as never) as Promise<never>),
    change: (ref, how, patch) =>
      asked(
        ({ objects, k8s }) =>
          objects.patch(
            {
              ...header(ref),
              ...(patch as object),
              metadata: { ...header(ref).metadata, ...(patch as { metadata?: object }).metadata },
            } as never,
            undefined,
            undefined,
            undefined,
            undefined,
            how === 'merge'
              ? k8s.PatchStrategy.MergePatch
              : how === 'json'
                ? k8s.PatchStrategy.JsonPatch
                : k8s.PatchStrategy.StrategicMergePatch,
          ) as Promise<never>,
      ),
    remove: (ref, options) =>
      asked(async ({ objects }) => {
        await objects
          .delete(header(ref) as never, undefined, undefined, options?.graceSeconds)
          .catch((error) => {
            if (error.code !== 404) throw error;
          });
      }),
  };
}
