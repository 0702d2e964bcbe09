import type { ContextClusterSpec } from '../../definition/kubernetes-component.ts';
import { type PlannedTarget, targetsOf } from '../../definition/plan-targets.ts';
import type { Platform } from '../../definition/platform.ts';
import { isKubernetes } from '../../definition/platform-names.ts';
import { EnvironmentError, TargetRefusedError } from '../environment.ts';
import { type ExistingContext, kubeconfigFiles, readContext } from './kubeconfig.ts';

export interface Asked {
  readonly platform: Platform;
  readonly targets: readonly PlannedTarget[];
  /** Contexts that the command line confirms, exact names. */
  readonly confirmed: readonly string[];
}

/**
 * Refuses to break what is there already unless all three agree: the platform file allows the context by name and says which server
 * that is, the kubeconfig means the same server now, and the command line confirms it. Asks nobody: it reads files only.
 * @throws TargetRefusedError with what would be touched and the lines that would allow it
 */
export async function refuseTargets({ platform, targets, confirmed }: Asked): Promise<void> {
  for (const target of targets) {
    const server = await serverNow(platform, target);
    const missing = whatIsMissing(target, server, confirmed);
    if (missing.length > 0) throw new TargetRefusedError(inWords(target, server, missing));
  }
}

/** As `refuseTargets`, where no plan says on which lines of which file things stand. */
export function refusePlatform(platform: Platform, confirmed: readonly string[]): Promise<void> {
  const file = `the platform file of ${platform.platform}`;
  return refuseTargets({ platform, targets: targetsOf(platform, () => file), confirmed });
}

/** The cluster of a platform in an existing one. @throws EnvironmentError when it has none, which a plan never does */
export function clusterMeant({ components, platform }: Platform): {
  readonly component: string;
  readonly spec: ContextClusterSpec;
} {
  for (const [component, spec] of Object.entries(components))
    if (isKubernetes(spec) && 'context' in spec.kubernetes) return { component, spec: spec.kubernetes };
  throw new EnvironmentError(
    `the platform ${platform} names no context: one component needs "kubernetes: { context: …, namespace: … }"`,
  );
}

/** @throws EnvironmentError when no kubeconfig has it */
export function contextOf(platform: Platform): Promise<ExistingContext> {
  const { spec } = clusterMeant(platform);
  return readContext(spec.context, kubeconfigFiles(spec, platform.baseDir), spec.namespace);
}

type Server = { readonly url: string } | { readonly unknown: string };

async function serverNow(platform: Platform, { component }: PlannedTarget): Promise<Server> {
  const spec = platform.components[component];
  if (spec === undefined || !isKubernetes(spec) || !('context' in spec.kubernetes))
    return { unknown: 'the platform file names no context' };
  const { context, namespace } = spec.kubernetes;
  try {
    const { server } = await readContext(
      context,
      kubeconfigFiles(spec.kubernetes, platform.baseDir),
      namespace,
    );
    return { url: server };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { unknown: error.message };
  }
}

interface Missing {
  readonly why: string;
  readonly todo: string;
}

function whatIsMissing(target: PlannedTarget, now: Server, confirmed: readonly string[]): readonly Missing[] {
  const { context, allowed, at } = target;
  return [
    ...(allowed
      ? []
      : [
          {
            why: `"allow-targets" does not name it`,
            todo: `${at.allow}, at the top level:\n      allow-targets: [${context}]`,
          },
        ]),
    ...otherServer(target, now),
    ...(confirmed.includes(context)
      ? []
      : [
          {
            why: 'the command line does not confirm it',
            todo: `on the command line:\n      --confirm-target ${context}`,
          },
        ]),
  ];
}

/** A name is only a name: what it means may have changed since somebody allowed it. */
function otherServer({ server, at }: PlannedTarget, now: Server): readonly Missing[] {
  if ('unknown' in now) return [{ why: now.unknown, todo: 'a kubeconfig that has the context' }];
  if (server === now.url) return [];
  const line = `in "kubernetes":\n      server: ${now.url}`;
  return server === null
    ? [{ why: 'the platform file does not say which server it is', todo: `${at.server}, ${line}` }]
    : [
        {
          why: `its server is another one than the platform file says (${server})`,
          todo: `only if you know why it has changed: ${at.server}, ${line}`,
        },
      ];
}

function inWords(target: PlannedTarget, now: Server, missing: readonly Missing[]): string {
  const { context, namespace, at } = target;
  return [
    `${at.context}: refused: it breaks what is there already, and that is not allowed:`,
    ...missing.map(({ why }) => `  - ${why}`),
    'what it would touch:',
    `  context    ${context}`,
    `  server     ${'url' in now ? now.url : 'not known'}`,
    `  namespace  ${namespace}`,
    'what would allow it, all of it:',
    ...missing.map(({ todo }) => `  - ${todo}`),
  ].join('\n');
}
