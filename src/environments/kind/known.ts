import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkloadSpec } from '../../definition/kubernetes-component.ts';
import type { Workload } from '../only-kubernetes.ts';
import type { KindCluster } from './translate.ts';

/** What another process needs to know of a run's clusters. */
export interface KnownClusters {
  readonly clusters: readonly KindCluster[];
  readonly workloads: readonly Workload[];
  /** By component: who runs commands in its pods; texts not filled. */
  readonly operators: { readonly [component: string]: WorkloadSpec['operator'] };
  /** By component: how drillbook reaches its API. They have keys, and stay in the run's folder. */
  readonly outside: { readonly [component: string]: string };
}

const fileIn = (runDir: string) => join(runDir, 'clusters.json');

export async function keepClusters(runDir: string, known: KnownClusters): Promise<void> {
  await writeFile(fileIn(runDir), JSON.stringify(known), { mode: 0o600 });
}

/** Null when there is none: the run ended before its clusters were made. */
export async function readClusters(runDir: string): Promise<KnownClusters | null> {
  try {
    return JSON.parse(await readFile(fileIn(runDir), 'utf8')) as KnownClusters;
  } catch {
    return null;
  }
}
