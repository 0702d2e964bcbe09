import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Platform } from '../../definition/platform.ts';
import { hostNames, isWorkload } from '../../definition/platform-names.ts';
import { EnvironmentError, type EnvironmentRecord, type RunSite } from '../environment.ts';
import { clusterOf } from '../kubernetes/cluster.ts';
import { workloadKinds } from '../kubernetes/workloads.ts';
import type { Cluster, Workload } from '../only-kubernetes.ts';
import { type ExistingContext, kubeconfigFiles, readContext } from './kubeconfig.ts';
import { clusterMeant } from './refusal.ts';

/**
 * What a run knows of its cluster. The record has all of it but the keys: a fault outlives the machine that injected it, so that healing
 * must do without the run's folder.
 */
export interface KnownContext {
  readonly platform: Platform;
  /** Component that is the cluster. */
  readonly component: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  /** Of the namespace: another one is another cluster behind the same URL, or a namespace that was made anew. */
  readonly namespaceUid: string;
  /** Where the context was found. */
  readonly files: readonly string[];
}

/** @throws EnvironmentError when the API does not answer, or there is no such namespace */
export async function lookUp(platform: Platform, { server, kubeconfig }: ExistingContext) {
  const { component, spec } = clusterMeant(platform);
  const { context, namespace } = spec;
  const cluster = confined({ component, namespace }, kubeconfig);
  const known: KnownContext = {
    ...{ platform, component, context, server, namespace },
    namespaceUid: await uidOf(cluster, namespace),
    files: kubeconfigFiles(spec, platform.baseDir),
  };
  return { known, cluster };
}

/** Nothing outside of the namespace is reached by it, whoever asks. */
export function confined(
  { component, namespace }: Pick<KnownContext, 'component' | 'namespace'>,
  kubeconfig: string,
): Cluster {
  return clusterOf(component, kubeconfig, { confinedTo: namespace });
}

async function uidOf(cluster: Cluster, namespace: string): Promise<string> {
  const found = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  if (found?.metadata.uid !== undefined) return found.metadata.uid;
  throw new EnvironmentError(
    `${cluster.name} has no namespace ${namespace}: correct "namespace" in the platform file`,
  );
}

export function recordOf(
  { platform, files, ...rest }: KnownContext,
  { runId, reportDir }: RunSite,
  runDir: string,
): EnvironmentRecord {
  const details = { ...rest, reportDir, files: files.join(delimiter), platform: JSON.stringify(platform) };
  return { environment: 'context', runId, runDir, details };
}

export function knownFrom({ details }: EnvironmentRecord): KnownContext {
  const text = (name: string) => String(details[name] ?? '');
  return {
    platform: JSON.parse(text('platform')) as Platform,
    component: text('component'),
    context: text('context'),
    server: text('server'),
    namespace: text('namespace'),
    namespaceUid: text('namespaceUid'),
    files: text('files').split(delimiter),
  };
}

const fileIn = (runDir: string) => join(runDir, 'state', 'context.json');

/** In a folder that only drillbook may enter. */
export async function keepContext(runDir: string, existing: ExistingContext): Promise<void> {
  await writeFile(fileIn(runDir), JSON.stringify(existing), { mode: 0o600 });
}

/**
 * The login of a run: as it was when the run began, or, where the run's folder is gone, the operator's of today, for the same server only.
 * @throws EnvironmentError
 */
export async function loginOf(record: EnvironmentRecord): Promise<ExistingContext> {
  const kept = await readFile(fileIn(record.runDir), 'utf8').catch(() => null);
  if (kept !== null) return JSON.parse(kept) as ExistingContext;
  const { context, files, namespace, server } = knownFrom(record);
  const now = await readContext(context, files, namespace);
  if (now.server === server) return now;
  throw new EnvironmentError(
    `the context ${context} leads to ${now.server} now, and run ${record.runId} was in ${server}: nothing is touched there; put a kubeconfig with the old server at ${files.join(' or ')} and run "drillbook heal" again`,
  );
}

/** The cluster of a run, once it is proved to be the same as then. @throws EnvironmentError */
export async function sameCluster(record: EnvironmentRecord): Promise<Cluster> {
  const known = knownFrom(record);
  const cluster = confined(known, (await loginOf(record)).kubeconfig);
  if ((await uidOf(cluster, known.namespace)) === known.namespaceUid) return cluster;
  throw new EnvironmentError(
    `the namespace ${known.namespace} at ${known.server} is not the one of run ${record.runId} any more (it has another uid): nothing is touched there`,
  );
}

export function workloadsOf({
  platform,
  component: cluster,
  namespace,
}: Pick<KnownContext, 'platform' | 'component' | 'namespace'>): readonly Workload[] {
  return Object.entries(platform.components).flatMap(([component, spec]) =>
    isWorkload(spec)
      ? [
          {
            apiVersion: 'apps/v1',
            kind: workloadKinds[spec.workload],
            ...{ namespace, cluster, component },
            name: spec.object ?? component,
            instance: spec.host ?? component,
          },
        ]
      : [],
  );
}

/** Where clients reach a component; null when the platform file says nothing of it. */
export function endpointOf(
  { components }: Platform,
  component: string,
): { readonly host: string; readonly port: number } | null {
  const spec = components[component];
  if (spec === undefined || !isWorkload(spec) || spec.address === undefined) return null;
  const colon = spec.address.lastIndexOf(':');
  return {
    host: spec.address.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(spec.address.slice(colon + 1)),
  };
}

/** Names of the platform → where clients reach them: an address, or a name that DNS knows. */
export function hostsOf(platform: Platform): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(platform.components).flatMap(([component, spec]) => {
      const endpoint = endpointOf(platform, component);
      if (endpoint === null) return [];
      return [...new Set([component, ...hostNames(component, spec)])].map((name) => [name, endpoint.host]);
    }),
  );
}
