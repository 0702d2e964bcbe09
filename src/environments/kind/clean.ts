import { EnvironmentError } from '../environment.ts';
import type { KubernetesObject } from '../only-kubernetes.ts';
import {
  baseName,
  baseNamespace,
  differences,
  type Fingerprint,
  fingerprintOf,
  identity,
  objectsIn,
} from './fingerprint.ts';
import { mustRunOnNode, nodeKubectl, type OnNode, runOnNode } from './node-exec.ts';

const deleteWithinMs = 40_000;
/** Of looks at a new cluster. */
const settleAttempts = 20;
/** Controllers remove what hangs on what was deleted; for a volume a pod is started, which empties it. */
const cleanWithinMs = 90_000;
const pauseMs = 500;
const lookAgainMs = 2000;

/** What a warm cluster was when it was made. */
export interface Base {
  /** Of its configuration and node image: another one is another cluster. */
  readonly configuration: string;
  readonly fingerprint: Fingerprint;
}

/** Writes down in the cluster itself what is in it, while nobody has used it. @throws EnvironmentError */
export async function keepBase(
  controlPlane: OnNode,
  configuration: string,
  abort: AbortSignal,
): Promise<void> {
  const fingerprint = await settledFingerprint(controlPlane, abort);
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: baseName, namespace: baseNamespace },
    data: { configuration, fingerprint: fingerprint.join('\n') },
  };
  await mustRunOnNode(controlPlane, 'writing down what is in a new cluster', {
    argv: nodeKubectl(['create', '-f', '-']),
    input: JSON.stringify(object),
  });
}

/** Controllers are still at work in a new cluster: what two looks in a row find alike is what it is. */
async function settledFingerprint(controlPlane: OnNode, abort: AbortSignal): Promise<Fingerprint> {
  let before: Fingerprint = [];
  for (let attempt = 0; attempt < settleAttempts && !abort.aborted; attempt++) {
    const now = fingerprintOf(await objectsIn(controlPlane));
    if (before.length > 0 && differences(before, now).length === 0) return now;
    before = now;
    await new Promise((done) => setTimeout(done, lookAgainMs));
  }
  throw new EnvironmentError('what is in a new cluster did not come to rest, so that it cannot be kept warm');
}

/** Null when it does not answer, or was not made to be kept. */
export async function readBase(controlPlane: OnNode): Promise<Base | null> {
  const { exitCode, stdout } = await runOnNode(controlPlane, {
    argv: nodeKubectl([
      'get',
      'configmap',
      '-n',
      baseNamespace,
      baseName,
      '-o',
      'jsonpath={.data.configuration}{"\\n"}{.data.fingerprint}',
    ]),
    timeoutMs: 15_000,
  });
  if (exitCode !== 0) return null;
  const [configuration = '', ...fingerprint] = stdout.split('\n');
  return { configuration, fingerprint };
}

/**
 * Deletes what was not in the cluster when it was made. Returns what is still different then, in words: a cluster of which nothing
 * is said is proved clean.
 * @throws EnvironmentError when it does not answer
 */
export async function clean(controlPlane: OnNode, { fingerprint }: Base): Promise<readonly string[]> {
  const base = new Set(fingerprint.map((line) => line.slice(0, line.lastIndexOf(' '))));
  const added = (objects: readonly KubernetesObject[]) =>
    objects.filter((object) => !base.has(identity(object)));
  let objects = await objectsIn(controlPlane);
  await uncordonWorkers(controlPlane, objects);
  const limit = performance.now() + cleanWithinMs;
  while (added(objects).length > 0 && performance.now() < limit) {
    await remove(controlPlane, added(objects));
    await new Promise((done) => setTimeout(done, pauseMs));
    objects = await objectsIn(controlPlane);
  }
  return differences(fingerprint, fingerprintOf(objects));
}

/** Cordoned is what a drill or an autoscaler may have left; who wants a standby cordons it again. */
async function uncordonWorkers(controlPlane: OnNode, objects: readonly KubernetesObject[]): Promise<void> {
  const cordoned = objects.filter(
    ({ kind, spec }) =>
      kind === 'Node' && (spec as { unschedulable?: boolean } | undefined)?.unschedulable === true,
  );
  if (cordoned.length === 0) return;
  await mustRunOnNode(controlPlane, 'letting nodes take pods again', {
    argv: nodeKubectl(['uncordon', ...cordoned.map(({ metadata }) => metadata.name)]),
  });
}

/** Whole namespaces first; pods are not waited for politely, as nobody needs what they do. */
async function remove(controlPlane: OnNode, added: readonly KubernetesObject[]): Promise<void> {
  const groups = Map.groupBy(added, ({ apiVersion, kind, metadata }) =>
    [resourceOf(apiVersion, kind), metadata.namespace ?? ''].join(' '),
  );
  const inOrder = [...groups].toSorted(([a], [b]) => rank(a) - rank(b));
  for (const [key, objects] of inOrder) {
    const [resource = '', namespace = ''] = key.split(' ');
    const where = namespace === '' ? [] : ['-n', namespace];
    const names = objects.map(({ metadata }) => metadata.name);
    const result = await runOnNode(controlPlane, {
      argv: nodeKubectl([
        ...['delete', resource, ...where, '--ignore-not-found', '--grace-period=1', '--wait=false'],
        ...names,
      ]),
      timeoutMs: deleteWithinMs,
    });
    if (result.timedOut) throw new EnvironmentError('a cluster did not answer while it was cleaned');
  }
}

function rank(key: string): number {
  return key.startsWith('Namespace.') ? 0 : 1;
}

/** As kubectl takes a kind that several groups may have: `Deployment.v1.apps`. */
function resourceOf(apiVersion: string, kind: string): string {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? `${kind}.${group}.` : `${kind}.${version}.${group}`;
}
