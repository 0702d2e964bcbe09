import type { Platform } from './platform.ts';
import { isKubernetes } from './platform-names.ts';
import type { Definition, Path } from './source.ts';

/** A cluster that is there already and that a run would break something in. */
export interface PlannedTarget {
  /** Component that it is in the platform file. */
  readonly component: string;
  readonly context: string;
  readonly namespace: string;
  /** As the platform file has it; null: it says none. */
  readonly server: string | null;
  /** Whether `allow-targets` names exactly this context. */
  readonly allowed: boolean;
  /** `FILE:LINE` of the context, of `allow-targets` or where it would stand, and of the server or where it would stand. */
  readonly at: { readonly context: string; readonly allow: string; readonly server: string };
}

/** None: the environment makes all that is broken. */
export function plannedTargets({ value, source }: Definition<Platform>): readonly PlannedTarget[] {
  return targetsOf(value, (path) => {
    const { file, line } = source.at(path);
    return `${file}:${line}`;
  });
}

/** @param place where something stands, for messages */
export function targetsOf(platform: Platform, place: (path: Path) => string): readonly PlannedTarget[] {
  if (platform.environment !== 'context') return [];
  return Object.entries(platform.components).flatMap(([component, spec]) => {
    if (!isKubernetes(spec) || !('context' in spec.kubernetes)) return [];
    const { context, namespace, server = null } = spec.kubernetes;
    const path = ['components', component, 'kubernetes'];
    return [
      {
        ...{ component, context, namespace, server },
        allowed: platform['allow-targets']?.includes(context) ?? false,
        at: {
          context: place([...path, 'context']),
          allow: place(['allow-targets']),
          server: place([...path, 'server']),
        },
      },
    ];
  });
}
