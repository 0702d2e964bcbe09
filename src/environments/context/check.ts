import { apiConnections } from '../../clients/kubernetes.ts';
import type { Platform } from '../../definition/platform.ts';
import { EnvironmentError, type Problem } from '../environment.ts';
import { accessOf } from '../kubernetes/access.ts';
import { unprivilegedAccount } from '../local/account.ts';
import { baseForRuns } from '../local/run-folder.ts';
import { missingPrograms, toolNotes } from '../toolbox/toolbox.ts';
import { lookUp, workloadsOf } from './known.ts';
import type { ExistingContext } from './kubeconfig.ts';
import { leftOfFaults } from './leftovers.ts';
import { clusterMeant, contextOf, refusePlatform } from './refusal.ts';

const withinMs = 10_000;

/** What keeps this platform from being drilled. A cluster that the platform file does not allow is not even asked. */
export async function checkPlatform(
  platform: Platform,
  _loopback: unknown,
  notes = false,
): Promise<readonly Problem[]> {
  try {
    const { spec } = clusterMeant(platform);
    // The command line confirms a run, and this is none.
    await refusePlatform(platform, [spec.context]);
    const account = await unprivilegedAccount();
    await baseForRuns(account);
    const existing = await contextOf(platform);
    return [
      ...(await problemsInCluster(platform, existing)),
      ...(await missingPrograms(platform.tools ?? {}, platform.baseDir)),
      ...(notes ? await toolNotes(platform.tools ?? {}, account, platform.baseDir) : []),
      ...(notes ? await reachOf(platform, existing) : []),
    ];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return [{ what: error.message, todo: 'change the platform file, or the kubeconfig, as it says' }];
  }
}

async function problemsInCluster(platform: Platform, existing: ExistingContext): Promise<readonly Problem[]> {
  const { known, cluster } = await lookUp(platform, existing);
  const workloads = workloadsOf(known);
  const objects = await Promise.all(workloads.map((workload) => cluster.get(workload)));
  const missing = workloads
    .filter((_, i) => objects[i] === null)
    .map(({ component, kind, namespace, name }) => ({
      what: `${component}: there is no ${kind} ${namespace}/${name} in ${known.context}`,
      todo: 'correct "workload", "object" or "namespace" in the platform file: nothing is made in an existing cluster',
    }));
  const left = (await leftOfFaults(cluster, known.namespace, workloads)).map(({ what, runId }) => ({
    what: `a fault of ${runId === null ? 'another run' : `run ${runId}`} is still in ${known.context}: ${what}`,
    todo: `drillbook heal${runId === null ? '' : ` ${runId}`}`,
  }));
  return [...missing, ...left];
}

/** drillbook itself keeps to the namespace; a runbook's kubectl does what its login may. */
async function reachOf(platform: Platform, { kubeconfig }: ExistingContext): Promise<readonly Problem[]> {
  const { component, spec } = clusterMeant(platform);
  const connections = apiConnections(await accessOf(component, kubeconfig));
  try {
    const { body } = await connections.ask(
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { verb: 'delete', resource: 'pods' } },
        },
      },
      AbortSignal.timeout(withinMs),
    );
    const { status } = body as { status?: { allowed?: boolean } };
    if (status?.allowed !== true) return [];
    return [
      {
        what: `the login of ${spec.context} may change other namespaces than ${spec.namespace}: commands of a runbook could, too; a login of its own that may not is safer`,
        todo: '',
        note: true,
      },
    ];
  } catch {
    return [];
  } finally {
    connections.close();
  }
}
